#!/usr/bin/env bash
# What the documentation says of delivery, measured anew: `prove.sh` measures all of it, `prove.sh GROUP…` a part:
# bench rehearsals tier storm load upgrades deaf flood health rough pace desk alerts sessions prefix stories races fuzz.
# Takes two hours on a machine that does nothing else; figures go to var/prove/.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/say.sh
. scripts/steps.sh

python=.venv/bin/python
results=var/prove
mkdir -p "$results"

# The browser that readers have, where the gate takes its engine alone.
export CHROMIUM="${CHROMIUM:-/usr/bin/chromium}"

# Each reader is an open file, of ours, of the server and twice of the line between them.
ulimit -n "$(ulimit -Hn)"

bench() {
    step "Pages and fan-out against their targets" kept bench manage bench
    step "Curves by readers, updates and processes" kept curves manage bench --plot var/prove/curves.svg
}

rehearsals() {
    step "Every fault, SQLite" kept rehearsal-sqlite manage rehearse "${night[@]}"
    scripts/system_packages.sh redis postgres
    step "Every fault, PostgreSQL, Redis, two processes" \
        kept rehearsal-postgres manage rehearse "${night[@]}" --database postgres --redis --processes 2
}

tier() {
    scripts/system_packages.sh nchan redis
    step "Every fault, nginx with nchan and two relays" \
        kept rehearsal-tier manage rehearse "${night[@]}" --tier nchan --redis --processes 2
}

storm() {
    step "3,000 readers are cut off at once" \
        kept storm manage rehearse --readers 3000 --posts 100 --fault reconnect-storm
}

# nginx, two processes, PostgreSQL and Redis, for five minutes.
load() {
    scripts/system_packages.sh redis nginx postgres
    step "2,000 readers, 50 pages and 2 posts a second" kept load "$python" -m pytest -s tests/deploy/load.py
}

# Five releases in turn on the same parts, with 100 readers, 20 pages a second from 30 addresses and 2 posts a second.
upgrades() {
    scripts/system_packages.sh redis nginx postgres
    step "Five upgrades that refuse nobody" kept upgrades "$python" -m pytest -s tests/deploy/upgrades.py
}

# 6,000 updates at 20 a second are five minutes.
deaf() {
    step "Clients that never read, for five minutes" \
        kept deaf manage rehearse --readers 50 --posts 6000 --rate 20 --fault slow-reader
}

# Wrong passwords, large bodies, half requests, slow uploads, 3,000 sockets and the worst photos, each from one address.
flood() {
    step "A flood, while 200 others read and somebody posts" kept flood "$python" -m pytest -s tests/deploy/flood.py
}

# Small files of 25 megapixels, one after the other, while a probe asks 50 times a second.
health() {
    step "Health checks while the worst photos are decoded" \
        kept health "$python" -m pytest -s tests/deploy/health.py
}

# 500 operations, 50 cuts and 30 % of all frames lost, five times with other dice.
rough() {
    scripts/system_packages.sh chromium
    step "An open page on the worst of lines" \
        kept rough env ROUGH_LINES=5 ROUGH_CUTS=50 "$python" -m pytest tests/browser/test_rough_line.py
}

# Presses on a page that five updates a second reach, on a processor four times slower; Ctrl+Enter to another browser.
pace() {
    scripts/system_packages.sh chromium
    step "Presses while updates pour in, and from the desk to a reader" kept pace \
        "$python" -m pytest -s tests/browser/pace_of_presses.py tests/browser/desk/pace_to_readers.py
    step "Presses and pages from the login to the first update" kept login \
        "$python" -m pytest -s tests/browser/desk/test_way_to_the_desk.py -k login
    step "Layout shift of an hour in a minute" kept session "$python" -m pytest tests/browser/long_session.py
}

# The whole evening at three sizes, by keyboard and by pointer; each page and dialog in four looks; room and weight.
desk() {
    scripts/system_packages.sh chromium firefox
    step "A whole evening at the desk in Chromium and Firefox" kept evenings env EVENINGS=all \
        "$python" -m pytest tests/engines/test_evening.py
    step "axe on every page and dialog of the desk" kept axe env AXE_STEP=1 \
        "$python" -m pytest -o faulthandler_timeout=3600 \
        tests/browser/desk/test_walk_of_axe.py tests/browser/desk/test_desk_dialogs.py
    step "The text's share of a phone, and the weight of the scripts" kept desk "$python" -m pytest -s \
        tests/browser/desk/test_desk_confirmation.py tests/browser/desk/test_desk_rows.py -k "screen or light"
}

# 1,000 devices, and share cards in five scripts.
alerts() {
    step "An alert to 1,000 devices beside publishing, and share cards" kept alerts \
        "$python" -m pytest -s tests/alerts/pace_of_alerts.py tests/views/pace_of_cards.py
}

# 200 changes while somebody scrolls, in three engines, both orders and two widths: pixels by which the text moved.
sessions() {
    scripts/system_packages.sh chromium firefox webkit
    step "The text under the eye in three engines" kept sessions env SESSIONS="${SESSIONS:-1}" \
        "$python" -m pytest -s tests/engines/long_session.py tests/engines/odd_sessions.py
}

# Tests of the browser with the site below a path: the first ones behind nginx, then those that cut lines, restart the
# server and embed it elsewhere. No request may leave the path.
prefix() {
    scripts/system_packages.sh chromium nginx
    step "The browser's first tests below a path, behind nginx" kept prefix-nginx \
        env TEST_URL_PREFIX=/live TEST_BEHIND_NGINX=1 "$python" -m pytest tests/browser -m smoke
    step "Cut lines, restarts and embeds below a path" kept prefix env TEST_URL_PREFIX=/live \
        "$python" -m pytest tests/browser/test_{line_life,embedding,live_page,open_permalink,reader_states}.py
}

# Hundreds of made-up stories on bad lines, on both databases, every odd string in every field, and all of the table of rights.
stories() {
    local tests=(tests/convergence tests/content tests/desk/test_odd_{notes,input}.py)
    scripts/system_packages.sh postgres
    step "Made-up stories and odd strings, SQLite" env "${long[@]}" "$python" -m pytest "${tests[@]}"
    step "Made-up stories and odd strings, PostgreSQL" \
        env "${long[@]}" scripts/with_postgres.sh "$python" -m pytest "${tests[@]}"
    step "Each address by every role" env RIGHTS=all "$python" -m pytest tests/permissions/test_{rights_table,hidden,row_rights}.py
}

# Every ordered pair of operations, one committing before the other's lock.
races() {
    scripts/system_packages.sh postgres
    local all=(-o faulthandler_timeout=3600 tests/races)  # a first operation with all second ones takes minutes on a busy machine
    step "Any two operations at once, SQLite" env RACES=all "$python" -m pytest "${all[@]}"
    step "Any two operations at once, PostgreSQL" \
        env RACES=all scripts/with_postgres.sh "$python" -m pytest "${all[@]}"
}

# An hour of made-up pictures, pastes, addresses, files, queries and sockets, other ones each time.
fuzz() {
    step "Made-up inputs" kept fuzz \
        env FUZZ_PROFILE=prove OTHER_INPUTS=1 "$python" -m pytest -m fuzz -o faulthandler_timeout=3600 --hypothesis-show-statistics
}

long=(CONVERGENCE_EXAMPLES=300 ODD_STRINGS_EVERY=1 OTHER_INPUTS=1)

night=(--readers 500 --posts 300 --fault all)

manage() { "$python" manage.py "$@"; }

# kept NAME COMMAND…: what it prints is shown and kept
kept() {
    local file="$results/$1.txt"
    shift
    "$@" | tee "$file"
}

groups=("$@")
[ $# -gt 0 ] || groups=(bench rehearsals tier storm load upgrades deaf flood health rough pace desk alerts sessions prefix stories races fuzz)
declare -F "${groups[@]}" >/dev/null || fail "One of these is nothing to prove: ${groups[*]}"

scripts/venv.sh .venv requirements/test.txt
for group in "${groups[@]}"; do
    "$group"
done
finish
