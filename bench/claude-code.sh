#!/usr/bin/env bash
# bench/claude-code.sh [--gateway PATH] [--rounds N] [--keep]: the first event through the user's Claude Code program, beside the program alone.
# Needs Node and npm; takes about six minutes. --keep puts the table into RESULTS.md. Timings never make it fail.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
[ -d tests/external/claude-code/node_modules ] || npm ci --prefix tests/external/claude-code --ignore-scripts --no-audit --no-fund
gateway=(--gateway artifacts/publish/tuppence)
case " $* " in *' --gateway '*) gateway=() ;; esac
exec node bench/claude-code.mjs "${gateway[@]}" "$@"
