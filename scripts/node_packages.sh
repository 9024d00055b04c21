#!/usr/bin/env bash
# Installs what package-lock.json names into node_modules, unless it is there.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/say.sh

scripts/system_packages.sh node
cmp --silent package-lock.json node_modules/installed-lock.json && exit
scripts/system_packages.sh npm # Debian's package; a nodejs of another source brings its own and excludes Debian's
say "Installing package-lock.json"
npm ci --no-audit --no-fund --loglevel=error
cp package-lock.json node_modules/installed-lock.json
