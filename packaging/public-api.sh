#!/usr/bin/env bash
# Writes what each package shows to its PublicAPI.Unshipped.txt: public-api.sh [ROOM …]. A release moves those lines to
# PublicAPI.Shipped.txt. A room is compiled against those below it as they were built last: name them in the order of the arrows.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

rooms=("$@")
[ $# -gt 0 ] || rooms=(Log Query Views Ssb Actors Testing)
report=$(mktemp)
trap 'rm -f "$report" "$report.log"' EXIT
for room in "${rooms[@]}"; do
  folder=Flume.$room
  [ -f "$folder/PublicAPI.Shipped.txt" ] || echo '#nullable enable' > "$folder/PublicAPI.Shipped.txt"
  echo '#nullable enable' > "$folder/PublicAPI.Unshipped.txt"
  # The compiler's report names each public member that no file lists.
  dotnet build "$folder" -c Release -v q --nologo --no-dependencies --no-incremental -p:TreatWarningsAsErrors=false \
    "-p:ErrorLog=$report%2Cversion=2.1" > "$report.log" || { cat "$report.log" >&2; exit 1; }
  members=$(sed -n 's/^ *"APIName": "\(.*\)",\{0,1\}$/\1/p' "$report" | sed 's/\\"/"/g; s/\\\\/\\/g' | LC_ALL=C sort -u)
  [ -n "$members" ] || { echo "public-api: the build of $folder reported no member" >&2; exit 1; }
  echo "$members" >> "$folder/PublicAPI.Unshipped.txt"
  echo "$folder: $(echo "$members" | wc -l) members"
done
