#!/usr/bin/env bash
# Makes the program a tool of .NET, flume-server.VERSION.nupkg, in a directory: pack-tool.sh [OUT]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. ./tests/common.sh

out=${1:-artifacts/packages}
mkdir -p "$out"
say "packing the tool: this takes some minutes"
dotnet pack Flume.Host -c Release -v q --nologo -p:FlumeTool=true -p:FlumeReadyToRun=false -o "$out"
say "install it: dotnet tool install --global flume-server --add-source $out"
