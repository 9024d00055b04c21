# shellcheck shell=bash
# Runs the steps of the gate one after the other, all of them even if one fails, and sums up. Sourced, not run.

summary=()
failed=0

# Images of containers often set this. Each of the hundred processes would then compile every module anew: two seconds.
unset PYTHONDONTWRITEBYTECODE

# step NAME COMMAND…
step() {
    local name=$1 began=$SECONDS outcome=ok
    shift
    printf '\n=== %s\n' "$name"
    if ! "$@"; then
        outcome=FAILED
        failed=$((failed + 1))
    fi
    summary+=("$(printf '%-7s %4d s  %s' "$outcome" $((SECONDS - began)) "$name")")
}

# skipped NAME REASON
skipped() {
    summary+=("$(printf '%-7s         %s: %s' "skipped" "$1" "$2")")
}

finish() {
    printf '\n=== Summary\n'
    printf '%s\n' "${summary[@]}"
    printf '%d s in all; ' "$SECONDS"
    [ "$failed" -eq 0 ] || fail "$failed of ${#summary[@]} steps failed."
    say "every step is fine."
}

# A runner that catches Ctrl-C ends as if it had merely failed: do not go on to the next one.
trap 'fail "Interrupted."' INT TERM
