#!/usr/bin/env bash
# bench/ledger.sh [ROWS]: fills a ledger with so many rows (a million) and prints how large it is and how long it takes to ask it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
dotnet build tests/Tuppence.LedgerDriver --configuration Release --nologo --verbosity quiet
dotnet artifacts/bin/Tuppence.LedgerDriver/release/Tuppence.LedgerDriver.dll million "$folder/ledger.db" "${1:-1000000}"
