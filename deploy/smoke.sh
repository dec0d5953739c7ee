#!/usr/bin/env bash
# deploy/smoke.sh BASE_URL [KEY]: does a running gateway serve? Asks it as a client would, spends nothing on an account:
# it is meant for a gateway whose upstream is the built-in emulator. KEY is a gateway key, where the gateway has one.
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[ $# -ge 1 ] || fail 'usage: deploy/smoke.sh BASE_URL [KEY]'
command -v curl >/dev/null || fail 'curl is not installed.'
url=${1%/}
key=${2:-any-value}
message='"model":"claude-sonnet-5","max_tokens":64,"messages":[{"role":"user","content":"Say hello."}]'
answer=$(mktemp)
trap 'rm -f "$answer"' EXIT

# ask STATUS CURL_ARGUMENTS...: the answer's body is left in $answer.
ask() {
    local expected=$1 status
    shift
    status=$(curl --silent --show-error --max-time 60 --output "$answer" --write-out '%{http_code}' "$@")
    [ "$status" = "$expected" ] || {
        printf '          answered %s, not %s: %s\n' "$status" "$expected" "$(head -c 300 "$answer")"
        return 1
    }
}

post() {
    local expected=$1 body=$2
    shift 2
    ask "$expected" --header 'content-type: application/json' --header 'anthropic-version: 2023-06-01' "$@" \
        --data "$body" "$url/v1/messages"
}

plain() { post 200 "{$message}" --header "x-api-key: $key" && grep -q '"type": *"message"' "$answer"; }
bearer() { post 200 "{$message}" --header "authorization: Bearer $key" && grep -q '"type": *"message"' "$answer"; }
streamed() {
    post 200 "{\"stream\":true,$message}" --header "x-api-key: $key" --no-buffer &&
        grep -q '^event: message_start' "$answer" && grep -q '^event: message_stop' "$answer"
}
keyless() { post 401 "{$message}" && grep -q 'authentication_error' "$answer"; }
wrong_key() { post 401 "{$message}" --header 'x-api-key: not-the-key' && grep -q 'authentication_error' "$answer"; }

check '/health answers 200' ask 200 "$url/health"
check 'POST /v1/messages answers with a message' plain
check 'POST /v1/messages takes the key as bearer' bearer
check 'POST /v1/messages streams from message_start to message_stop' streamed
if [ $# -ge 2 ]; then
    check 'a request without a key is refused with 401' keyless
    check 'a request with a wrong key is refused with 401' wrong_key
fi
totals
