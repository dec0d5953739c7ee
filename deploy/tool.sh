#!/usr/bin/env bash
# deploy/tool.sh FOLDER: packs the `dotnet tool` for this platform into FOLDER, installs it from there into a folder of its
# own and runs it. A tool package is two: a small one that names the platforms, and one a platform with the native program.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/lib.sh"

[ $# -eq 1 ] || fail 'usage: deploy/tool.sh FOLDER'
mkdir -p "$1"
packages=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rm -f "$packages"/*.nupkg

cd "$here/.."
rid=$(dotnet msbuild src/Tuppence -getProperty:NETCoreSdkRuntimeIdentifier)
pack() { dotnet pack src/Tuppence --configuration Release --output "$packages" --nologo --verbosity quiet "$@"; }
pack --runtime "$rid" -p:RestoreLockedMode=true
pack -p:RestoreLockedMode=true
ls -l "$packages"

# Only this folder is asked for the tool.
printf '<configuration><packageSources><clear /><add key="here" value="%s" /></packageSources></configuration>\n' "$packages" >"$work/nuget.config"
installs() {
    local version
    version=$(cd "$packages" && ls tuppence."$rid".*.nupkg | sed "s/^tuppence\.$rid\.\(.*\)\.nupkg$/\1/")
    NUGET_PACKAGES=$work/cache dotnet tool install tuppence --tool-path "$work/tool" --configfile "$work/nuget.config" --version "$version"
}
prints_version() { "$work/tool/tuppence" --version | grep -E '^[0-9]+\.[0-9]+\.[0-9]+'; }

check 'the tool installs from its packages' installs
check 'the installed tool prints its version' prints_version
totals
