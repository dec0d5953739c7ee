#!/usr/bin/env bash
# deploy/smoke-container.sh ARCHIVE: unpacks the image and runs it as an engine would, but without one: its own root folder,
# its user 65532, its environment, its entrypoint. Needs root for that, and umoci.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/lib.sh"

[ $# -eq 1 ] && [ -f "$1" ] || fail 'usage: deploy/smoke-container.sh ARCHIVE'
[ "$(id -u)" -eq 0 ] || fail 'only root may change the root folder of a program.'
for tool in umoci unshare setpriv curl; do
    command -v "$tool" >/dev/null || fail "$tool is not installed."
done

work=$(mktemp -d)
gateway=
code=
trap '[ -z "$gateway" ] || kill -KILL "$gateway" 2>/dev/null; rm -rf "$work"' EXIT
mkdir "$work/image"
tar --extract --file "$1" --directory "$work/image" || fail "$1 is no archive."
umoci unpack --image "$work/image:latest" "$work/bundle" >/dev/null 2>&1 || fail "$1 holds no image named latest."
root=$work/bundle/rootfs
config=$work/bundle/config.json
key=smoke-$RANDOM$RANDOM$RANDOM$RANDOM
url=http://127.0.0.1:$(free_port)

# The strings of one array of the runtime configuration.
strings_of() { tr -d '\n\t' <"$config" | grep -o "\"$1\":[^]]*]" | head -n 1 | grep -o '"[^"]*"' | tail -n +2 | tr -d '"'; }
mapfile -t environment < <(strings_of env)
mapfile -t entrypoint < <(strings_of args)

# One process from here to the gateway: each step replaces itself by the next. /proc and the usual devices are mounted for
# it alone, as an engine does.
# No host is given: inside a container the gateway binds all addresses by itself, and insists on a key.
start() {
    env -i "${environment[@]}" "$@" "$(command -v unshare)" --mount bash -c '
        mount --bind /proc "$0/proc"
        for device in null zero random urandom; do touch "$0/dev/$device" && mount --bind "/dev/$device" "$0/dev/$device"; done
        exec setpriv --clear-groups --no-new-privs unshare --root="$0" --wd=/data --setgid 65532 --setuid 65532 "$@"' \
        "$root" "${entrypoint[@]}" --port "${url##*:}" >"$work/log" 2>&1 &
    gateway=$!
}
starts() { await_health "$url" "$gateway" || { tail -n 20 "$work/log"; return 1; }; }
ids() { grep -E "^($1):" "/proc/$gateway/status" | tr -s '\t' ' '; }
runs_unprivileged() {
    [ "$(ids Uid)" = 'Uid: 65532 65532 65532 65532' ] && [ "$(ids Gid)" = 'Gid: 65532 65532 65532 65532' ] &&
        [ "$(ids CapEff)" = 'CapEff: 0000000000000000' ]
}
binds_all() { ss -Hltnp | grep "pid=$gateway," | awk '{print $4}' | grep -qE '^(0\.0\.0\.0|\*|\[::\]):'; }
smoke() { "$here/smoke.sh" "$url" "$key" | tee "$work/smoke"; }
refuses() {
    await_end "$gateway" || return 1
    gateway=
    [ "$code" -ne 0 ] && grep -qi 'key' "$work/log" || { echo "          exit code $code"; tail -n 20 "$work/log"; return 1; }
}
stops() {
    kill -TERM "$gateway" && await_end "$gateway" || return 1
    gateway=
    [ "$code" -eq 0 ] || { echo "          exit code $code"; tail -n 20 "$work/log"; return 1; }
}
no_shell() { [ -z "$(find "$root" -name sh -o -name bash -o -name dpkg -o -name apt)" ]; }

check 'the image holds no shell and no package manager' no_shell
start
check 'without a gateway key it refuses to start, and says so' refuses
start TUPPENCE_GATEWAY_KEYS="$key"
check 'with a gateway key it starts' starts
if [ -n "$gateway" ] && kill -0 "$gateway" 2>/dev/null; then
    check 'it runs as user 65532 without capabilities' runs_unprivileged
    check 'it listens on all addresses' binds_all
    smoke
    add_counts "$work/smoke"
    check 'SIGTERM ends it with 0' stops
fi
totals
