#!/usr/bin/env bash
# Remakes bench/CACHE.md and bench/cache.json: the benchmark of the prompt cache, about two minutes. Costs are deterministic.
#
#   bench/cache.sh [TRACE...]           TRACE: recorded requests or folders of them. Default: ../shared/data/traces, where it is there.
#   bench/cache.sh --check [TRACE...]   writes nothing; fails where a mean is more than 1 % worse than in cache.json or a target is missed.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
usual=$root/../shared/data/traces

if [ "${1:-}" = --check ]; then
    shift
    what=(--check "$root/bench/cache.json")
    show=/dev/null
else
    what=(--out "$root/bench")
    show=/dev/stdout
fi
[ $# -gt 0 ] || [ ! -d "$usual" ] || set -- "$usual"
"$root/run.sh" bench-cache "$@" "${what[@]}" >"$show"
