#!/usr/bin/env bash
# Long faults against the built flume: torture.sh [MINUTES] [KIND…] [--seed N]; README.md lists the kinds.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. ./tests/common.sh

build
compile tests/Flume.Torture
exec tests/Flume.Torture/bin/Release/net10.0/Flume.Torture --flume "$PWD/$BIN/flume" "$@"
