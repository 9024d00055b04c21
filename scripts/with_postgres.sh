#!/usr/bin/env bash
# with_postgres.sh COMMAND…: runs the command with DATABASE_URL naming a PostgreSQL server of its own: fresh, on a Unix
# socket in a temporary folder, gone afterwards. `--find` prints where PostgreSQL's programs are and does no more.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/say.sh

find_programs() {
    local directory
    for directory in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -Vr) "$(dirname "$(command -v initdb || true)")"; do
        if [ -x "$directory/initdb" ]; then
            printf '%s\n' "$directory"
            return
        fi
    done
    return 1
}

programs=$(find_programs) || fail "PostgreSQL is absent (on Debian: apt-get install postgresql)."
if [ "$1" = --find ]; then
    say "$programs"
    exit
fi

# The server refuses to run as root.
as_owner=()
[ "$(id -u)" -ne 0 ] || as_owner=(runuser -u postgres --)

folder=$(mktemp -d "${TMPDIR:-/tmp}/liveblog-postgres.XXXXXX")
# shellcheck disable=SC2317,SC2329 # the trap calls it
stop() {
    # pg_ctl takes the server's pid from its folder
    (cd / && "${as_owner[@]}" "$programs/pg_ctl" stop -D "$folder/data" -m fast -w -s) || true
    rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT TERM
[ "$(id -u)" -ne 0 ] || chown postgres "$folder"

# owner COMMAND…: with PostgreSQL's programs, from a folder that their user may read
owner() {
    (cd "$folder" && "${as_owner[@]}" env PATH="$programs:$PATH" "$@")
}

password=$(.venv/bin/python -c 'import secrets; print(secrets.token_hex(16))')

printf %s "$password" | owner sh -c 'umask 077; cat > password'
owner initdb -D data -U liveblog --auth=scram-sha-256 --pwfile=password --encoding=UTF8 --locale=C --no-sync >/dev/null
# A test database need not survive a power cut.
owner pg_ctl start -D data -w -s -l log -o "-c listen_addresses= -k '$folder' -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200" ||
    { cat "$folder/log" >&2; fail "PostgreSQL does not start; its log is above."; }
owner env PGPASSWORD="$password" createdb -h "$folder" -U liveblog liveblog

DATABASE_URL="postgres://liveblog:$password@/liveblog?host=$folder" "$@"
