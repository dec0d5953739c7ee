# Sourced by the scripts of this folder: checks that are counted, a free port, a wait for /health.

passed=0
failed=0

fail() {
    printf '%s: %s\n' "$(basename "$0")" "$1" >&2
    shift
    [ $# -eq 0 ] || printf '  %s\n' "$@" >&2
    exit 1
}

# check SENTENCE COMMAND...: runs the command, prints one line, counts.
check() {
    local sentence=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
        printf '  ok      %s\n' "$sentence"
    else
        failed=$((failed + 1))
        printf '  FAILED  %s\n' "$sentence"
    fi
}

# Adds the counts that another script printed as its last line.
add_counts() {
    local line
    line=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$1" | tail -n 1)
    if [ -z "$line" ]; then
        failed=$((failed + 1))
        return
    fi
    passed=$((passed + ${line%% *}))
    line=${line#* passed, }
    failed=$((failed + ${line%% *}))
}

# Prints the totals as the last line; its exit code says whether all is well.
totals() {
    printf '%d passed, %d failed\n' "$passed" "$failed"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}

# Prints a TCP port of 127.0.0.1 that nobody listens on.
free_port() {
    local port
    while :; do
        port=$((20000 + RANDOM % 12000))
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
    done
    echo "$port"
}

# await_health BASE_URL PID: up to ten seconds, fewer if the process ends.
await_health() {
    local tries=200
    while [ $tries -gt 0 ] && kill -0 "$2" 2>/dev/null; do
        [ "$(curl --silent --max-time 2 --output /dev/null --write-out '%{http_code}' "$1/health")" = 200 ] && return 0
        tries=$((tries - 1))
        sleep 0.05
    done
    return 1
}

# await_end PID: up to twenty seconds; the exit code is left in $code. Fails, and kills the process, if it goes on.
await_end() {
    local tries=400
    while kill -0 "$1" 2>/dev/null; do
        tries=$((tries - 1))
        if [ $tries -eq 0 ]; then
            echo '          it still runs after 20 s'
            kill -KILL "$1"
            return 1
        fi
        sleep 0.05
    done
    wait "$1"
    code=$?
}
