#!/usr/bin/env bash
# deploy/tool.sh FOLDER: packs the `dotnet tool` into FOLDER, installs it from there into a folder of its own and runs it.
# Three packages: "tuppence" names the platforms, "tuppence.linux-x64" holds the native program, "tuppence.any" serves every
# other platform on the installed .NET runtime.
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
rid=linux-x64
pack() { dotnet pack src/Tuppence --configuration Release --output "$packages" --nologo --verbosity quiet "$@"; }
pack --runtime "$rid" -p:RestoreLockedMode=true
pack -p:RuntimeIdentifier=any -p:RestoreLockedMode=true
pack -p:CreateRidSpecificToolPackages=false -p:RestoreLockedMode=true
ls -l "$packages"

# Only this folder is asked for the tool.
printf '<configuration><packageSources><clear /><add key="here" value="%s" /></packageSources></configuration>\n' "$packages" >"$work/nuget.config"
installs() {
    local version
    version=$(cd "$packages" && ls tuppence."$rid".*.nupkg | sed "s/^tuppence\.$rid\.\(.*\)\.nupkg$/\1/")
    NUGET_PACKAGES=$work/cache dotnet tool install tuppence --tool-path "$work/tool" --configfile "$work/nuget.config" --version "$version"
}
prints_version() { "$work/tool/tuppence" --version | grep -E '^[0-9]+\.[0-9]+\.[0-9]+'; }
is_native() { find -L "$work/tool" -type f -name tuppence -size +1M | grep -q . && [ -z "$(find "$work/tool" -name 'tuppence.dll')" ]; }
portable_prints_version() {
    mkdir "$work/any" && (cd "$work/any" && unzip -q "$packages"/tuppence.any.*.nupkg) &&
        dotnet "$work"/any/tools/net10.0/any/tuppence.dll --version | grep -E '^[0-9]+\.[0-9]+\.[0-9]+'
}

check 'the tool installs from its packages' installs
check 'the installed tool prints its version' prints_version
check 'it is the native program' is_native
check 'the package for other platforms prints its version' portable_prints_version
totals
