#!/usr/bin/env bash
# Prepares what is missing and serves the site. Quick when nothing is missing.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/say.sh

port=${PORT:-8000}

case $port in
'' | *[!0-9]*) fail "PORT=$port is not a port number." ;;
esac
if [ "${#port}" -gt 5 ] || [ "$port" -gt 65535 ]; then
    fail "PORT=$port: a port is a number from 1 to 65535, or 0 for any that is free."
fi

# Asked first, so that nobody waits for an installation to learn it; `manage.py serve` asks once more.
if [ "$port" -ne 0 ] && (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
    fail "Port $port is taken: something answers there already." "Choose another: make run PORT=$((port + 1))"
fi

scripts/venv.sh .venv requirements/base.txt
.venv/bin/python scripts/prepare.py
exec .venv/bin/python manage.py serve --port "$port"
