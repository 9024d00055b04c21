#!/usr/bin/env bash
# venv.sh DIRECTORY LOCK [PYTHON]: makes the virtual environment and installs the lock into it, if either is not so already.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/say.sh
. scripts/python.sh

venv=$1
lock=$2
# One stamp per lock, inside the environment: it goes when the environment goes.
stamp="$venv/installed-${lock##*/}"

require_python() {
    [ -n "${python:-}" ] && return
    local found
    found=$(python3 --version 2>/dev/null || echo "no python3 at all")
    fail "Python $oldest_python or newer is needed; here is $found." \
        "Install one (on Debian 12 and later: apt-get install python3 python3-venv)," \
        "or name one you have: make run PYTHON=/path/to/python3.12"
}

make_environment() {
    python=${1:-$(find_python)} || true
    require_python
    "$python" -c 'import ensurepip, venv' 2>/dev/null || fail \
        "$("$python" --version) is here, but not its venv module." \
        "Install it (on Debian: apt-get install python3-venv) and run this again."
    say "Making $venv with $("$python" --version)"
    "$python" -m venv --clear "$venv"
}

# A broken environment (its Python was removed, say) is made anew.
environment_works() {
    python_is_at_least "$venv/bin/python" "$oldest_python" &&
        "$venv/bin/python" -c 'import pip' 2>/dev/null
}

# Without --no-compile pip would compile every module, also the many that nothing imports.
install_lock() {
    say "Installing $lock (the first time takes a minute)"
    "$venv/bin/python" -m pip install -qq --disable-pip-version-check --require-hashes --only-binary :all: --no-compile -r "$lock" ||
        fail "The packages could not be installed: pip's message is above."
    cp "$lock" "$stamp"
}

environment_works || make_environment "${3:-}"
cmp --silent "$lock" "$stamp" || install_lock
