#!/usr/bin/env bash
# Which lines and branches of liveblog/ and updates/ the tests run, also in the servers, workers and commands that they start:
# `coverage.sh` runs all slices, `coverage.sh SLICE…` some, each replacing what an earlier run of it has counted:
# readers desk server stack apps races postgres browser. Then it prints what was missed. Takes half an hour in all.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/say.sh
. scripts/steps.sh

python=.venv/bin/python
counts=$PWD/var/coverage
mkdir -p "$counts"

readers() {
    counted tests/api tests/content tests/feeds tests/freezing tests/link_lookups tests/rendering tests/views tests/webhooks \
        tests/test_*.py
}
desk() { counted tests/accounts tests/admin tests/alerts tests/desk tests/desk_safety tests/exchange tests/permissions; }
server() { counted tests/live tests/liveblog tests/models tests/publishing tests/scheduling tests/commands tests/doctor; }
apps() { counted tests/bench tests/demo tests/rehearsal; }
races() { counted tests/races; }

stack() {
    scripts/system_packages.sh promtool systemd
    counted tests/deploy tests/packaging tests/relay tests/removal tests/s3
}

postgres() {
    scripts/with_postgres.sh scripts/coverage.sh --counted -m "database and not once" \
        tests/live tests/liveblog tests/models tests/publishing tests/scheduling tests/commands
}

browser() {
    scripts/system_packages.sh chromium java
    counted tests/browser
}

# counted TEST…: as the gate runs them.
counted() { "$python" -m coverage run -m pytest --numprocesses 3 --dist worksteal -q "$@"; }

# A failed test does not end the count, but the script ends with it.
slice() {
    local status=0
    export COVERAGE_DATA=$counts/$1/data
    rm -rf "${counts:?}/$1"
    mkdir -p "$counts/$1"
    "$1" || status=$?
    "$python" -m coverage combine --quiet --data-file "$counts/$1.sqlite3" "$counts/$1"/data.* || status=$?
    return "$status"
}

if [ "${1-}" = --counted ]; then
    shift
    counted "$@"
    exit
fi

slices=("$@")
[ $# -gt 0 ] || slices=(readers desk server stack apps races postgres browser)
declare -F "${slices[@]}" >/dev/null || fail "One of these is no slice: ${slices[*]}"

scripts/system_packages.sh venv redis nchan postgres
scripts/venv.sh .venv requirements/test.txt
for name in "${slices[@]}"; do
    step "Coverage: $name" slice "$name"
done
"$python" -m coverage combine --quiet --keep --data-file "$counts/all" "$counts"/*.sqlite3
"$python" -m coverage report --data-file "$counts/all"
finish
