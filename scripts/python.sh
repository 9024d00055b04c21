# shellcheck shell=bash
# Finds Python interpreters. Sourced, not run. An interpreter counts only if it starts: version managers leave
# stand-ins on the PATH for versions that are not switched on.

oldest_python="3.11"
next_python="3.12" # what the next Django needs

# python_is_at_least COMMAND VERSION
python_is_at_least() {
    "$1" -c "import sys; sys.exit(sys.version_info < tuple(map(int, '$2'.split('.'))))" 2>/dev/null
}

# Every python3.N there is, the newest N first: on the PATH, then with pyenv, where it need not be switched on.
python_candidates() {
    local minor directory directories
    IFS=: read -ra directories <<<"$PATH"
    for minor in {30..11}; do
        for directory in "${directories[@]}" "$HOME"/.pyenv/versions/*/bin; do
            [ -x "$directory/python3.$minor" ] && printf '%s\n' "$directory/python3.$minor"
        done
    done
}

# The interpreter for running: $PYTHON if set, python3 if it will do, otherwise the newest that does.
find_python() {
    local candidate
    if [ -n "${PYTHON:-}" ]; then
        python_is_at_least "$PYTHON" "$oldest_python" || return 1
        printf '%s\n' "$PYTHON"
        return
    fi
    for candidate in python3 $(python_candidates); do
        if python_is_at_least "$candidate" "$oldest_python"; then
            printf '%s\n' "$candidate"
            return
        fi
    done
    return 1
}

# The oldest interpreter that runs the next Django: what most people will have.
find_next_python() {
    local candidate found=""
    for candidate in $(python_candidates); do
        python_is_at_least "$candidate" "$next_python" && found=$candidate
    done
    [ -n "$found" ] && printf '%s\n' "$found"
}
