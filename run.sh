#!/usr/bin/env bash
# Starts Tuppence from source. All arguments go to it: ./run.sh --help
# Needs the .NET 10 SDK and nothing else. The first start builds (about a minute), later ones only what has changed.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
program=$root/artifacts/bin/Tuppence/release/tuppence.dll
stamp=$root/artifacts/run.stamp

fail() {
    printf 'run.sh: %s\n' "$@" >&2
    exit 1
}

# The SDK that global.json asks for, or words that say how to get it.
require_sdk() {
    command -v dotnet >/dev/null || fail \
        'the .NET 10 SDK is not installed (no "dotnet" on the PATH).' \
        'Get it from https://dotnet.microsoft.com/download/dotnet/10.0 or your package manager (dotnet-sdk-10.0), then run this again.'
    (cd "$root" && dotnet --version >/dev/null 2>&1) || fail \
        'no .NET SDK that is new enough: version 10.0 is needed, and these are installed:' \
        "$(cd / && dotnet --list-sdks 2>/dev/null | sed 's/^/  /')" \
        'Get the .NET 10 SDK from https://dotnet.microsoft.com/download/dotnet/10.0, then run this again.'
}

is_current() {
    [ -f "$program" ] && [ -f "$stamp" ] &&
        [ -z "$(find "$root/src" "$root/docs" "$root/presets" "$root"/Directory.* "$root/global.json" -newer "$stamp" -print 2>/dev/null | head -n 1)" ]
}

# Everything it says goes to standard error: standard output belongs to the program.
build() {
    if [ -f "$program" ]; then
        echo 'Building what has changed ...' >&2
    else
        echo 'Building Tuppence for the first time. This takes about a minute and fetches packages from NuGet ...' >&2
    fi
    # The checks of the code are for those who change it: ./test.sh runs them.
    local command=(dotnet build src/Tuppence --configuration Release --nologo -p:RestoreLockedMode=true -p:NuGetAudit=false
        -p:RunAnalyzers=false -p:TreatWarningsAsErrors=false)
    touch "$stamp.new"
    # A terminal shows the progress; elsewhere only a failure is worth its lines.
    if [ -t 2 ]; then
        (cd "$root" && "${command[@]}" >&2) || fail 'the build failed; the reasons stand above.'
    elif ! (cd "$root" && "${command[@]}" --verbosity quiet >"$stamp.log" 2>&1); then
        cat "$stamp.log" >&2
        fail 'the build failed; the reasons stand above.'
    fi
    mv "$stamp.new" "$stamp"
}

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
require_sdk
if ! is_current; then
    mkdir -p "$root/artifacts"
    build
fi

# exec: Ctrl-C and SIGTERM reach the gateway itself, and its exit code is ours.
exec dotnet "$program" "$@"
