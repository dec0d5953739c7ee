#!/usr/bin/env bash
# Builds and tests Tuppence. The last line is "N passed, N failed".
#
#   ./test.sh               restore, build, formatting, tests. Needs the .NET 10 SDK and nothing else.
#   ./test.sh --all         also: advisories, the dashboard, native program, container image, dotnet tool, and real clients
#                           (official SDKs, Claude Code, SillyTavern in Chromium). Installs what is missing, as root on Debian.
#   ./test.sh update-locks  writes the package lock files anew, after a change of a package version.
#   ./test.sh --help        this text.
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$root" || exit 1
. deploy/lib.sh
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

results=$root/artifacts/test
native=$root/artifacts/publish/tuppence
rid=linux-x64
timings=
# Only the last line of all is a bare count.
count_line='^[0-9]+ passed, [0-9]+ failed$'

usage() { sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p;}' "${BASH_SOURCE[0]}"; }

# stage NAME COMMAND...: runs it with its time taken. A stage that fails without a count of its own counts as one failure.
stage() {
    local name=$1 started=$SECONDS failures=$failed
    shift
    printf '\n=== %s\n' "$name"
    "$@"
    local code=$?
    [ $code -eq 0 ] || [ "$failed" -gt "$failures" ] || failed=$((failed + 1))
    timings+=$(printf '%5d s  %s%s' $((SECONDS - started)) "$name" "$([ $code -eq 0 ] || echo '  FAILED')")$'\n'
    return $code
}

# Runs a script whose last line is a count, and adds its count to ours.
counted() {
    local log
    log=$results/$(basename "$1").log
    "$@" 2>&1 | tee "$log" | grep --line-buffered -vE "$count_line"
    local code=${PIPESTATUS[0]}
    add_counts "$log"
    return "$code"
}

finish() {
    printf '\n=== times\n%s\n' "$timings"
    totals
    exit
}

needs_sdk() {
    dotnet --version >/dev/null 2>&1 && return
    echo 'The .NET 10 SDK is needed: https://dotnet.microsoft.com/download/dotnet/10.0' >&2
    return 1
}
restore() { dotnet restore Tuppence.slnx --locked-mode --nologo --verbosity quiet; }
build() { dotnet build Tuppence.slnx --no-restore --nologo --verbosity quiet; }
formatting() { dotnet format Tuppence.slnx --verify-no-changes --no-restore; }

# The figures are the runner's own, from its XML report; an error outside a test fails the run too.
# A test that takes two minutes is named while it runs: without that a hang would not say where it is.
tests() {
    local report=$results/tests.xml code
    rm -f "$report"
    dotnet artifacts/bin/Tuppence.Tests/debug/Tuppence.Tests.dll -noLogo -noColor -longRunning 120 -result-xml "$report"
    code=$?
    [ -f "$report" ] || return 1
    passed=$((passed + $(figure passed)))
    failed=$((failed + $(figure failed) + $(figure errors)))
    [ "$(figure total)" -gt 0 ] || { echo 'No test was found.'; return 1; }
    [ "$(figure skipped)" -eq 0 ] || { echo 'A test was skipped.'; return 1; }
    return $code
}
figure() { grep -o '<assembly [^>]*>' "$results/tests.xml" | grep -o " $1=\"[0-9]*\"" | tr -dc '0-9'; }

# The command fails only where it cannot ask; what it finds stands in its text.
advisories() {
    local list=$results/advisories.txt
    dotnet list Tuppence.slnx package --vulnerable --include-transitive | tee "$list"
    [ "${PIPESTATUS[0]}" -eq 0 ] && grep -q 'has no vulnerable packages' "$list" && ! grep -q 'has the following vulnerable packages' "$list"
}

# have COMMAND PACKAGE: notes the package if the command is missing.
have() { command -v "$1" >/dev/null || missing+=("$2"); }
install() {
    local missing=()
    have curl curl
    have gcc gcc
    have ss iproute2
    have unzip unzip
    have umoci umoci
    have chromium chromium
    have nginx nginx-light
    have node nodejs
    have npm npm
    have git git
    have strace strace
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing+=(postgresql)
    [ -f /usr/include/zlib.h ] || missing+=(zlib1g-dev)
    if [ ${#missing[@]} -eq 0 ]; then
        echo 'Nothing is missing.'
        return
    fi
    if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
        echo "These are missing: ${missing[*]}. As root on Debian or Ubuntu this script installs them; else: apt-get install ${missing[*]}" >&2
        return 1
    fi
    echo "Installing ${missing[*]}"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >"$results/apt.log" 2>&1 ||
        { tail -n 20 "$results/apt.log"; return 1; }
}

# Any warning of the native compiler fails it: warnings are errors.
publish() {
    rm -rf "$(dirname "$native")"
    dotnet publish src/Tuppence --configuration Release --runtime $rid -p:RestoreLockedMode=true --output "$(dirname "$native")" \
        --nologo --verbosity quiet || return
    ls -l "$(dirname "$native")"
}
container() { deploy/container.sh "$native" artifacts/tuppence-$rid.oci.tar && counted deploy/smoke-container.sh artifacts/tuppence-$rid.oci.tar; }

mkdir -p "$results"
case ${1:-} in
'') ;;
--all) ;;
--help | -h)
    usage
    exit
    ;;
update-locks)
    dotnet restore Tuppence.slnx --force-evaluate && dotnet restore src/Tuppence -p:RuntimeIdentifier=$rid --force-evaluate
    exit
    ;;
*)
    echo "unknown argument $1" >&2
    usage >&2
    exit 2
    ;;
esac

stage 'SDK' needs_sdk || finish
stage 'restore' restore || finish
stage 'build' build || finish
stage 'formatting' formatting
stage 'tests' tests
[ "${1:-}" = --all ] || finish

stage 'install what is missing' install || finish
stage 'advisories' advisories
stage 'dashboard: types, tests, build' counted node web/test.mjs
stage 'native program: publish' publish || finish
stage 'native program: smoke test' counted deploy/smoke-native.sh "$native"
stage 'container image' container
stage 'dotnet tool' counted deploy/tool.sh artifacts/tool
if [ -f tests/external/run.mjs ]; then
    stage 'real clients' counted node tests/external/run.mjs --gateway "$native"
fi
finish
