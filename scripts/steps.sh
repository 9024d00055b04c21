# shellcheck shell=bash
# Runs the steps of the gate, in turn or side by side, all of them even if one fails, and sums up. Sourced, not run.

summary=()
failed=0

# Images of containers often set this. Each of the hundred processes would then compile every module anew: two seconds.
unset PYTHONDONTWRITEBYTECODE

# step NAME COMMAND…
step() {
    local name=$1 began=$SECONDS outcome=ok
    shift
    "$show" "$name" "$@" || outcome=FAILED
    [ "$outcome" = ok ] || failed=$((failed + 1))
    summary+=("$(printf '%-7s %4d s  %s' "$outcome" $((SECONDS - began)) "$name")")
}

show=as_it_comes

as_it_comes() {
    printf '\n=== %s\n' "$1"
    "${@:2}"
}

# Beside another step: the output in one piece.
at_the_end() {
    local output status=0
    output=$(mktemp)
    printf '... %s\n' "$1"
    "${@:2}" >"$output" 2>&1 || status=$?
    {
        flock 9
        printf '\n=== %s\n' "$1"
        cat "$output"
    } 9>"$lock"
    rm -f "$output"
    return $status
}

# skipped NAME REASON
skipped() {
    summary+=("$(printf '%-7s         %s: %s' "skipped" "$1" "$2")")
}

# together GROUP…: runs functions with steps at the same time.
together() {
    local group folder
    folder=$(mktemp -d)
    lock=$folder/lock
    set -m # a process group each, which Ctrl-C can end
    for group in "$@"; do
        apart "$group" "$folder/$group" </dev/null & # what reads from the terminal would be stopped
        processes[$group]=$!
    done
    set +m
    for group in "$@"; do
        wait "${processes[$group]}" || failed=$((failed + $?))
        if [ -f "$folder/$group" ]; then
            mapfile -t -O ${#summary[@]} summary <"$folder/$group"
        else # it ended before its last step
            summary+=("$(printf '%-7s         all of %s' FAILED "$group")")
        fi
        unset "processes[$group]"
    done
    rm -rf "$folder"
}

declare -A processes

# apart GROUP FILE: runs a function, writes its summary into the file and exits with the number of failed steps.
apart() {
    trap 'exit 130' INT TERM
    show=at_the_end
    summary=()
    failed=0
    "$1"
    printf '%s\n' "${summary[@]}" >"$2"
    exit "$failed"
}

finish() {
    printf '\n=== Summary\n'
    printf '%s\n' "${summary[@]}"
    printf '%d s in all; ' "$SECONDS"
    [ "$failed" -eq 0 ] || fail "$failed of ${#summary[@]} steps failed."
    say "every step is fine."
}

# A runner that catches Ctrl-C ends as if it had merely failed: do not go on to the next one.
interrupt() {
    local process
    for process in "${processes[@]}"; do
        kill -INT -- "-$process" || true
    done
    wait
    fail "Interrupted."
}
trap interrupt INT TERM
