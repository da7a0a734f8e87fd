#!/usr/bin/env bash
# Makes the NuGet packages, with symbols, in a directory: pack.sh [OUT [VERSION]]. With a version it packs what is built.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

out=${1:-artifacts/packages}
options=(-c Release -v q --nologo -o "$out")
[ $# -lt 2 ] || options+=(-p:PackageVersion="$2" --no-build)
mkdir -p "$out"
for room in Log Query Views Ssb Actors Testing; do
  dotnet pack "Flume.$room" "${options[@]}"
done
version=()
[ $# -lt 2 ] || version=(-p:PackageVersion="$2")
dotnet pack templates/Flume.Templates.csproj -c Release -v q --nologo -o "$out" "${version[@]}"
ls -1 "$out"
