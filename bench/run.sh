#!/usr/bin/env bash
# Side-by-side gateway bench: direct, nginx, a minimal YARP host, Tuppence. See bench/README.md.
#   bench/run.sh [--quick|--full] [--gateway PATH] [--target NAME=COMMAND]... [--keep]
# Needs gcc, python3 and the .NET SDK; nginx is left out where it is not installed. Timings never make it fail.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
out="$root/artifacts/bench"
mkdir -p "$out"

case " $* " in
  *" -h "* | *" --help "*) sed -n '2,4s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
esac

for tool in gcc python3 dotnet; do
  if ! command -v "$tool" > /dev/null; then
    echo "bench: $tool is needed and not installed (Debian: apt-get install gcc libc6-dev python3 nginx-light)" >&2
    exit 2
  fi
done

native="$root/bench/gateway/native"
for program in lgen fakeup; do
  gcc -O2 -Wall -Wextra -Werror -o "$out/$program" "$native/$program.c"
done
dotnet publish "$root/bench/YarpHost" -c Release --nologo -v quiet

gateway=()
case " $* " in
  *" --gateway"*) ;;
  *)
    for path in "$root/artifacts/publish/tuppence" "$root/artifacts/publish/Tuppence/release_linux-x64"; do
      if [[ ${#gateway[@]} -eq 0 && -e $path ]]; then gateway=(--gateway "$path"); fi
    done
    if [[ ${#gateway[@]} -eq 0 ]]; then
      echo "bench: publish Tuppence first (dotnet publish src/Tuppence -c Release -r linux-x64), or name it with --gateway" >&2
    fi
    ;;
esac

exec env PYTHONDONTWRITEBYTECODE=1 python3 "$root/bench/gateway/run.py" --tools "$out" --out "$out" \
  --yarp "$root/artifacts/publish/YarpHost/release/YarpHost.dll" ${gateway[@]+"${gateway[@]}"} "$@"
