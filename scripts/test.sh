#!/usr/bin/env bash
# The gate: `test.sh` runs all of it, `test.sh GROUP…` a part: sources (style types checks js), tests (sqlite postgres
# browser engines next), fast or stack. The whole suite runs once; what depends on the database, the browser or Django
# runs on the others as well.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/say.sh
. scripts/python.sh
. scripts/steps.sh

python=.venv/bin/python

# Each uses one processor. What they need is installed before: no two can install at once.
sources() {
    need shellcheck
    need_node_packages
    together style types checks js
}

# Tests wait for servers, commands and pages. Two steps at once leave no processor idle.
tests() {
    need redis nchan promtool postgres systemd chromium java firefox webkit
    need_node_packages
    find_next
    together both_djangos others
}

# Takes about as long as `others`: where one of the two ends early, a processor is idle.
both_djangos() {
    sqlite
    next_django
}

others() {
    browser
    engines
    postgres
    next_chromium
}

style() {
    need shellcheck
    step "ruff: rules" "$python" -m ruff check --output-format concise .
    step "ruff: format" "$python" -m ruff format --check --output-format concise .
    step "Layers (import-linter)" "$python" .venv/bin/lint-imports --no-cache --no-logo
    step "Templates (djlint)" "$python" -m djlint --quiet --lint templates
    step "Security (bandit)" "$python" -m bandit -ll --quiet --recursive liveblog updates scripts manage.py
    step "Shell (shellcheck)" shellcheck -x .ci/run scripts/*.sh
}

types() {
    need_node_packages
    step "Types of Python (mypy --strict)" "$python" -m mypy
    step "Types of JavaScript (tsc)" node_modules/.bin/tsc --noEmit
}

checks() {
    step "Migrations are complete" manage makemigrations --check --dry-run
    step "Deployment checks" production env HSTS_SUBDOMAINS=1 "$python" manage.py check --deploy --fail-level WARNING
}

js() {
    plain_js
    step "JavaScript, minified" minified_js
    step "Bundles are current (make js)" node scripts/build_js.mjs --check
}

plain_js() {
    need_node_packages
    step "JavaScript (node --test)" node --test --test-reporter=spec tests/js/*.test.js
}

# The same tests on code that was made small as the bundles are, but for the one that reads the sources.
minified_js() {
    local small=$DATA_DIR/js GLOBIGNORE=tests/js/patterns.test.js
    node_modules/.bin/esbuild tests/js/*.test.js --bundle --minify --platform=node --format=esm --target=es2022 \
        --outdir="$small" --out-extension:.js=.mjs --log-level=warning
    node --test "$small"/*.mjs
}

sqlite() {
    need redis nchan promtool postgres systemd
    step "Python on SQLite" "$python" -m pytest "${waiting[@]}" "${skip_other_steps[@]}"
    step "Two operations at the same moment, on SQLite" pytest tests/races
}

postgres() {
    need redis postgres
    step "What depends on the database, on PostgreSQL" \
        scripts/with_postgres.sh "$python" -m pytest "${waiting[@]}" "${skip_other_steps[@]}" -m "database and not once"
    step "Two operations at the same moment, on PostgreSQL" \
        scripts/with_postgres.sh "$python" -m pytest "${side_by_side[@]}" tests/races
}

browser() {
    need redis nchan chromium java
    need_node_packages
    # Each worker takes a server and a browser of its own, and the other steps leave no processor idle.
    step "In Chromium" pytest tests/browser
}

engines() {
    need chromium firefox webkit
    # One after the other: a second worker would start each browser again.
    step "In Firefox and WebKit, and sessions in all three" "$python" -m pytest tests/engines
}

next() {
    find_next
    next_django
    next_chromium
}

newer=

# Django 6.1 needs Python 3.12; where `.venv` has that already, the steps above run on it.
find_next() {
    local name="The next Django"
    if python_is_at_least "$python" "$next_python"; then
        skipped "$name" "it is the one above"
    elif newer=$(find_next_python); then
        need chromium
        scripts/venv.sh .venv-next requirements/test.txt "$newer"
    else
        skipped "$name" "no Python $next_python or newer here"
    fi
}

next_django() {
    [ -n "$newer" ] || return 0
    step "What depends on Django, on the next one" next_pytest "${skip_other_steps[@]}" -m "django and not once and not services"
}

# Three tests: a second worker takes a browser and a server of its own, which start as long.
next_chromium() {
    [ -n "$newer" ] || return 0
    step "In Chromium, the next Django" next_pytest -n 0 -m smoke tests/browser
}

stack() {
    need redis nginx postgres
    step "nginx, servers, PostgreSQL and Redis: each is killed" pytest tests/deploy/test_stack.py
}

fast() { together quick_python plain_js; }

quick_python() {
    step "Python on SQLite, what is quick" pytest "${skip_other_steps[@]}" -m "not services and not fuzz and not long"
}

# Collecting takes each worker some seconds, so what a step does not run is not even looked at.
skip_other_steps=(--ignore=tests/browser --ignore=tests/engines --ignore=tests/races)

# A worker that has nothing left takes tests from another's end.
side_by_side=(--numprocesses auto --maxprocesses 4 --dist worksteal)

# Tests that wait for servers and pages leave their processor to one worker more.
processors=$(getconf _NPROCESSORS_ONLN)
waiting=(--numprocesses $((processors < 4 ? processors + 1 : 4)) --dist worksteal)

pytest() { "$python" -m pytest "${side_by_side[@]}" "$@"; }
next_pytest() { .venv-next/bin/python -m pytest "${side_by_side[@]}" "$@"; }
manage() { "$python" manage.py "$@"; }

# As on a real site; the address is not asked.
production() {
    local secret
    secret=$("$python" -c 'import secrets; print(secrets.token_urlsafe(50))')
    HTTPS=1 SECOND_FACTOR_FOR=superusers,editors ALLOWED_HOSTS=live.example SITE_URL=https://live.example TRUSTED_PROXIES=127.0.0.1 \
        CSRF_TRUSTED_ORIGINS=https://live.example SECRET_KEY=$secret \
        DATABASE_URL=postgres://liveblog:secret@127.0.0.1:5432/liveblog REDIS_URL=redis://127.0.0.1:6379/0 "$@"
}

need() { scripts/system_packages.sh "$@"; }

need_node_packages() { scripts/node_packages.sh; }

groups=("$@")
[ $# -gt 0 ] || groups=(sources tests)
declare -F "${groups[@]}" >/dev/null || fail "One of these is no part of the gate: ${groups[*]}"

# What one command of the gate leaves behind must not be a developer's own data.
DATA_DIR=$(mktemp -d "${TMPDIR:-/tmp}/liveblog-gate.XXXXXX")
export DATA_DIR
trap 'rm -rf "$DATA_DIR"' EXIT

need venv
scripts/venv.sh .venv requirements/test.txt
for group in "${groups[@]}"; do
    "$group"
done
finish
