#!/usr/bin/env bash
# system_packages.sh WHAT…: sees to the programs that tests use, with Debian’s packages where one is absent and we may
# install: chromium, firefox, java, nchan, nginx, node, npm, postgres, promtool, redis, shellcheck, systemd, venv,
# webkit.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/say.sh
. scripts/python.sh

is_here() {
    case $1 in
    chromium) [ -x "${CHROMIUM:-/usr/bin/chromium}" ] && [ -x "${CHROMIUM:-/usr/bin/chromium-headless-shell}" ] ;;
    firefox) command -v "${FIREFOX:-firefox-esr}" >/dev/null ;;
    java) command -v java >/dev/null ;;
    nchan) is_here nginx && [ -f /usr/lib/nginx/modules/ngx_nchan_module.so ] ;;
    nginx) command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] ;; # which is not on everybody's path
    node) command -v node >/dev/null ;;
    npm) command -v npm >/dev/null ;;
    postgres) scripts/with_postgres.sh --find >/dev/null 2>&1 ;;
    promtool) command -v promtool >/dev/null ;;
    redis) command -v redis-server >/dev/null ;;
    shellcheck) command -v shellcheck >/dev/null ;;
    systemd) command -v systemd-analyze >/dev/null ;;
    venv) [ -x .venv/bin/python ] || "$(find_python)" -c 'import ensurepip, venv' 2>/dev/null ;;
    webkit) command -v WebKitWebDriver >/dev/null && command -v Xvfb >/dev/null ;;
    *) fail "Unknown program: $1" ;;
    esac
}

packages_of() {
    case $1 in
    chromium) echo chromium chromium-headless-shell fonts-dejavu-core ;; # without any font, text has no width
    java) echo default-jre-headless ;; # for the HTML validator
    nchan) echo nginx libnginx-mod-nchan ;; # sockets of readers in nginx
    nginx) echo nginx-light ;;
    firefox) echo firefox-esr fonts-dejavu-core ;;
    node) echo nodejs ;;
    postgres) echo postgresql ;;
    promtool) echo prometheus ;;
    redis) echo redis-server ;;
    venv) echo python3 python3-venv ;;
    webkit) echo webkit2gtk-driver xvfb fonts-dejavu-core ;;
    *) echo "$1" ;;
    esac
}

packages=()
for program in "$@"; do
    # shellcheck disable=SC2207 # names of packages have no blanks
    is_here "$program" || packages+=($(packages_of "$program"))
done
[ ${#packages[@]} -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    as_root=(sudo -n)
    sudo -n true 2>/dev/null || fail "These packages are needed and absent: ${packages[*]}" \
        "Install them (on Debian: sudo apt-get install ${packages[*]}) and run this again."
fi
command -v apt-get >/dev/null || fail "These programs are needed and absent: $*" \
    "Only Debian's packages can be installed from here (there: ${packages[*]}); install yours and run this again."

say "Installing ${packages[*]}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt() {
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 -y -q "$@" >>"$log" 2>&1
}
if ! { apt update && apt install --no-install-recommends "${packages[@]}"; }; then
    tail -n 30 "$log" >&2
    fail "apt-get could not install ${packages[*]}; its last lines are above."
fi
