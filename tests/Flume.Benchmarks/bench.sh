#!/usr/bin/env bash
# Benchmarks. A log is generated once a size and kept in artifacts/bench; it may be deleted at any time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. ./tests/common.sh

bench_log() {
  local folder=$1 messages=$2
  [ -f "$folder/secret" ] && return
  rm -rf "$folder" && mkdir -p "$folder/flume"
  "$BIN/flume" generate "$folder/flume/log.offset" --secret --messages "$messages" --authors $((messages / 100 + 10))
  mv "$folder/flume/secret" "$folder/secret"
}

# The log that peers download; its posts are as long as real ones.
run_sync() {
  local messages=$1 rounds=$2 folder=$3 js16=tests/peers/replication/js16
  if [ -z "$folder" ]; then
    folder=$PWD/artifacts/bench/sync-$messages
    if [ ! -f "$folder/secret" ]; then
      compile tests/Flume.Benchmarks
      rm -rf "$folder"
      tests/Flume.Benchmarks/bin/Release/net10.0/Flume.Benchmarks syncdata "$folder" "$messages"
    fi
  fi
  [ -n "${PEERS:-}" ] || [ -d $js16/node_modules ] || install_modules $js16 900 || fail "npm install failed in $js16"
  exec node tests/peers/bench/sync.js --flume "$BIN/flume" --data "$folder" --rounds "$rounds" "${@:4}"
}

run_bench() {
  local verb=table messages=100000 rounds=5 folder="" program=tests/Flume.Benchmarks/bin/Release/net10.0/Flume.Benchmarks
  case "${1:-}" in peers | latency | wire | sync | embed | sql | small) verb=$1; shift ;; esac
  if [ "$verb" = small ]; then
    compile tests/Flume.Benchmarks
    exec "$program" small "$@"
  fi
  [ "$verb" = embed ] && messages=1000000
  [ "$verb" = sync ] && messages=10050 rounds=3
  local extra=()
  while [ $# -gt 0 ]; do
    case "$1" in
      --messages) messages=${2:?--messages needs a number}; shift 2 ;;
      --rounds) rounds=${2:?--rounds needs a number}; shift 2 ;;
      --data) folder=$(cd "${2:?--data needs a folder with flume/log.offset and secret}" && pwd); shift 2 ;;
      *) extra+=("$1"); shift ;;
    esac
  done
  if [ "$verb" = embed ]; then
    [ ${#extra[@]} -eq 0 ] || fail "bench embed does not know '${extra[0]}'; it takes --messages N and --rounds N"
    compile tests/Flume.Benchmarks
    exec "$program" embed "$messages" "$rounds"
  fi
  build
  if [ "$verb" = sync ]; then
    run_sync "$messages" "$rounds" "$folder" "${extra[@]}"
  fi
  if [ -z "$folder" ]; then
    folder=$PWD/artifacts/bench/$messages
    bench_log "$folder" "$messages"
  fi
  case "$verb" in
    latency | wire)
      [ -d tests/peers/server/node_modules ] || install_modules tests/peers/server 900 || fail "npm install failed in tests/peers/server"
      ;;
  esac
  local js=(node "tests/peers/bench/side-by-side.js" --flume "$BIN/flume" --data "$folder")
  case "$verb" in
    peers) exec "${js[@]}" --rounds "$rounds" "${extra[@]}" ;;
    wire) exec "${js[@]/side-by-side/wire}" --rounds "$rounds" "${extra[@]}" ;;
  esac
  [ ${#extra[@]} -eq 0 ] || fail "bench $verb does not know '${extra[0]}'; it takes --messages N, --data DIR and --rounds N"
  compile tests/Flume.Benchmarks
  [ "$verb" = sql ] && exec "$program" sql "$folder/flume" "$rounds"
  [ "$verb" = latency ] && exec "${js[@]/side-by-side/latency-table}" --bench "$program"
  exec "$program" table "$BIN/flume" "$folder" "$rounds"
}

run_bench "$@"
