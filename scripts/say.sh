# shellcheck shell=bash
# How the scripts speak. Sourced, not run.

say() { printf '%s\n' "$*"; }

fail() {
    {
        echo
        printf '%s\n' "$@"
    } >&2
    exit 1
}
