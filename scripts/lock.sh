#!/usr/bin/env bash
# Compiles requirements/*.txt from pyproject.toml: every version with its hashes, for all platforms and for every Python from 3.11 on.
# Only of packages that are published as wheels: nothing is compiled on the machine of somebody who installs.
# Where the newest release of a package needs a newer Python, the lock holds both, each with its marker: Django 5.2 and 6.1, for one.
set -euo pipefail
cd "$(dirname "$0")/.."

uv=.venv/bin/uv
[ -x "$uv" ] || uv=$(command -v uv) || { echo "uv is absent: run 'make test' once, or install it" >&2; exit 1; }

compile() {
    # No configuration of the machine, and no index address in the result.
    "$uv" pip compile pyproject.toml --no-config --universal --python-version 3.11 --fork-strategy requires-python \
        --generate-hashes --only-binary :all: --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" --quiet ${UPGRADE:+--upgrade} "$@"
}

compile --group test --group quality --output-file requirements/test.txt
# What running needs, in the versions that were tested.
compile --constraint requirements/test.txt --output-file requirements/base.txt
compile --extra s3 --constraint requirements/test.txt --output-file requirements/s3.txt
