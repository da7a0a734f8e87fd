#!/usr/bin/env bash
# Builds Flume when its sources changed and runs it: ./run.sh (serve), ./run.sh VERB …, ./run.sh test, ./run.sh help
set -euo pipefail
cd "$(dirname "$0")"
. ./tests/common.sh

usage() {
  cat <<'TEXT'
./run.sh [VERB …]      builds when needed, then runs flume; without a verb: serve
./run.sh test          builds and runs every test; the last line is "N passed, N failed, N skipped"
./run.sh test fast     all but the tests that start processes, peers and browsers
./run.sh test CLASS    the tests of one class, by its name
./run.sh test peers    the tests against the JavaScript peers alone; installs their npm modules first
./run.sh torture [MINUTES] [KIND…]  power losses, kills, failing calls, hostile input … for 10 minutes; tests/Flume.Torture/README.md
./run.sh install-peers [SECONDS]    those modules alone; with a number, as many as can be had in that time
./run.sh install-browser [SECONDS]  Chromium and what drives it, for the tests of the admin page
./run.sh bench         measures: rebuild, append, scan, get, live; --messages N (100,000) or --data DIR, and --rounds N (5)
./run.sh bench peers   the same log rebuilt by Flume and by the JavaScript stacks in turn; also --peers s16,s15,db2
./run.sh bench latency the calls of an app: in process, over HTTP, and of the JavaScript modules
./run.sh bench wire    a log streamed through a socket, beside ssb-server
./run.sh bench sync    replication beside ssb-server 16: EBT and legacy, live, a blob; --messages N (10,050), --rounds N (3), --rows TEXT
./run.sh bench embed   plain events through the packages' API beside the engine: append, scan, get, a projection; --messages N (1,000,000)
./run.sh bench sql     the SQL view: three layouts and full text beside a plain insert, and catching up; --messages N, --rounds N
./run.sh bench small   the small parts, by BenchmarkDotNet; a FILTER may follow
./run.sh pack [DIR]    the NuGet packages, with symbols (artifacts/packages)
./run.sh pack-tool [DIR] the program as a tool of .NET: dotnet tool install flume-server (artifacts/packages)
./run.sh publish [DIR] a directory to install, with the .NET runtime, a systemd unit and a Dockerfile (artifacts/publish)
./run.sh VERB --help   what a verb does, its options and its exit codes
TEXT
}

case "${1:-serve}" in
  test) exec tests/test.sh "${@:2}" ;;
  torture) exec tests/Flume.Torture/torture.sh "${@:2}" ;;
  bench) exec tests/Flume.Benchmarks/bench.sh "${@:2}" ;;
  pack) exec packaging/pack.sh "${@:2}" ;;
  pack-tool) exec packaging/pack-tool.sh "${@:2}" ;;
  publish) exec packaging/publish.sh "${@:2}" ;;
  install-peers) exec tests/peers/install.sh peers "${@:2}" ;;
  install-browser) exec tests/peers/install.sh browser "${@:2}" ;;
  help | --help | -h)
    usage
    build && exec "$BIN/flume" --help
    ;;
  *)
    build
    [ $# -eq 0 ] && set -- serve
    exec "$BIN/flume" "$@"
    ;;
esac
