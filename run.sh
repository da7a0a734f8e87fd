#!/usr/bin/env bash
set -euo pipefail
cd "$(dirname "$0")"
case "${1:-serve}" in
  test) shift || true; exec dotnet test Flume.sln -c Release --nologo "$@" ;;
  *) exec dotnet run --project Flume.Host -c Release -- "$@" ;;
esac
