#!/usr/bin/env bash
# deploy/smoke-native.sh BINARY: starts the native program without any account, asks it as a client would, and stops it
# with SIGTERM in the middle of a stream, which must end properly.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/lib.sh"

[ $# -eq 1 ] && [ -x "$1" ] || fail 'usage: deploy/smoke-native.sh BINARY'
command -v curl >/dev/null || fail 'curl is not installed.'
binary=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
home=$(mktemp -d)
url=http://127.0.0.1:$(free_port)
gateway=
code=
trap '[ -z "$gateway" ] || kill -KILL "$gateway" 2>/dev/null; rm -rf "$home"' EXIT

# A folder of its own, and no variable of the person who runs this: the emulator must be the upstream.
cd "$home" || exit 1
env -i PATH="$PATH" HOME="$home" "$binary" --host 127.0.0.1 --port "${url##*:}" >"$home/log" 2>&1 &
gateway=$!

started() { await_health "$url" "$gateway" || { tail -n 20 "$home/log"; return 1; }; }
smoke() { "$here/smoke.sh" "$url" | tee "$home/smoke"; }
only_loopback() {
    local listening
    listening=$(ss -Hltnp | grep "pid=$gateway," | awk '{print $4}')
    [ -n "$listening" ] && ! grep -qvE '^(127\.0\.0\.1|\[::1\]):' <<<"$listening"
}

# What was asked stands in the ledger, a fifth of a second later at most: messages that came to their end, with tokens and a price.
lists_usage() {
    local rows=
    for _ in $(seq 50); do
        rows=$(env -i PATH="$PATH" HOME="$home" "$binary" usage --format csv | grep -c ',message,completed,.*,claude-sonnet-5,200,')
        [ "${rows:-0}" -ge 3 ] && return 0
        sleep 0.1
    done
    echo "          $rows rows of messages"
    env -i PATH="$PATH" HOME="$home" "$binary" usage --format csv 2>&1 | head -c 600
    return 1
}

# SIGTERM once the first event has arrived: the rest of the stream still comes, then the program ends with 0.
drains() {
    exec 3< <(curl --silent --no-buffer --max-time 60 --header 'content-type: application/json' --header 'anthropic-version: 2023-06-01' --header 'x-api-key: any' \
        --data '{"model":"claude-sonnet-5","max_tokens":256,"stream":true,"messages":[{"role":"user","content":"Tell me a story."}]}' \
        "$url/v1/messages")
    local first rest
    IFS= read -r first <&3 || { echo '          the stream did not begin'; return 1; }
    kill -TERM "$gateway"
    rest=$(cat <&3)
    exec 3<&-
    case $rest in *'event: message_stop'*) ;; *) echo "          the stream was cut after: ${rest: -200}"; return 1 ;; esac
}
ends_with_zero() {
    await_end "$gateway" || return 1
    gateway=
    [ "$code" -eq 0 ] || { echo "          exit code $code"; tail -n 20 "$home/log"; return 1; }
}

check '--version prints a version' bash -c '[[ $("$0" --version) =~ ^[0-9]+\.[0-9]+\.[0-9]+ ]]' "$binary"
check 'the program starts with no configuration' started
if [ "$failed" -eq 0 ]; then
    smoke
    add_counts "$home/smoke"
    check 'it listens on loopback only' only_loopback
    check 'tuppence usage --format csv lists what was asked' lists_usage
    check 'SIGTERM lets an open stream finish' drains
    check 'then the program ends with 0' ends_with_zero
fi
totals
