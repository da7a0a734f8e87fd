#!/usr/bin/env bash
# Builds Flume when its sources changed and runs it: ./run.sh (serve), ./run.sh VERB …, ./run.sh test, ./run.sh help
set -euo pipefail
cd "$(dirname "$0")"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en

BIN=Flume.Host/bin/Release/net10.0
STAMP=Flume.Host/obj/run.stamp

say() { echo "run.sh: $*" >&2; }
fail() { say "$*"; exit 1; }

usage() {
  cat <<'TEXT'
./run.sh [VERB …]      builds when needed, then runs flume; without a verb: serve
./run.sh test          builds and runs every test; the last line is "N passed, N failed, N skipped"
./run.sh test peers    the tests against the JavaScript peers alone; installs their npm modules first
./run.sh install-peers [SECONDS]    those modules alone; with a number, as many as can be had in that time
./run.sh install-browser [SECONDS]  Chromium and what drives it, for the tests of the admin page; in that time or not
./run.sh bench         measures: rebuild, append, scan, get, live; --messages N (100,000) or --data DIR, and --rounds N (5)
./run.sh bench peers   the same log rebuilt by Flume and by the JavaScript stacks in turn; also --peers s16,s15,db2
./run.sh bench latency the calls of an app: in process, over HTTP, and of the JavaScript modules
./run.sh bench wire    a log streamed through a socket, beside ssb-server
./run.sh bench small   the small parts, by BenchmarkDotNet; a FILTER may follow
./run.sh publish [DIR] a directory to install, with the .NET runtime, a systemd unit and a Dockerfile (artifacts/publish)
./run.sh VERB --help   what a verb does, its options and its exit codes
TEXT
}

# True when nothing that the binary is made of is newer than the start of the last build.
up_to_date() {
  [ -x "$BIN/flume" ] && [ -f "$STAMP" ] &&
    [ -z "$(find Flume.* hocon tests/vectors/small Directory.* global.json \
      \( -name bin -o -name obj \) -prune -o -newer "$STAMP" -print -quit)" ]
}

# Compiles a project or the solution; says nothing unless it fails.
compile() {
  mkdir -p artifacts
  dotnet build "$@" -c Release -v q --nologo > artifacts/build.log 2>&1 && return
  cat artifacts/build.log >&2
  fail "the build failed"
}

build() {
  up_to_date && return
  say "restoring and building"
  mkdir -p Flume.Host/{bin,obj} && touch "$STAMP.begun"
  compile Flume.Host
  mv "$STAMP.begun" "$STAMP"
}

# Runs every test project and ends with the sum of their outcomes, alone on the last line.
run_tests() {
  local options=() filter=() project log failed_run=0
  if [ "${1:-}" = peers ]; then
    shift
    command -v npm >/dev/null || fail "the JavaScript peers need node and npm, which are not installed"
    install_peers
    filter=(--filter "$(peer_tests)")
  fi
  compile Flume.sln "${options[@]}"

  mkdir -p artifacts
  log=artifacts/test.log
  : > "$log"
  for project in tests/*.Tests; do
    # A test that hangs fails the run after some minutes and is named, instead of holding it up for ever.
    dotnet test "$project" -c Release --no-build --nologo "${options[@]}" "${filter[@]}" \
      --blame-hang --blame-hang-timeout 4m --blame-hang-dump-type none "$@" | tee -a "$log" ||
      failed_run=$((failed_run + 1))
  done
  client_tests | tee -a "$log"
  awk -v runs="$failed_run" '
    /Failed: +[0-9]+, Passed: +[0-9]+, Skipped: +[0-9]+/ {
      gsub(/[^0-9,]/, " ", $0); split($0, n, ","); failed += n[1]; passed += n[2]; skipped += n[3]
    }
    END {
      if (runs > 0 && failed == 0) failed = runs   # a run that broke before it could count
      printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
      exit failed > 0
    }' "$log"
}

# The test classes that compare with JavaScript, as a filter.
peer_tests() {
  grep -rlE 'PeerFact|PeerTheory' tests/*.Tests --include='*Tests.cs' | xargs -n1 basename -s .cs |
    sed 's/^/FullyQualifiedName~./' | paste -sd'|'
}

# The npm client's own tests, with node's runner; their outcome in the words of dotnet test, to be counted with the others.
client_tests() {
  if ! command -v node >/dev/null; then
    say "node is not installed: the tests of clients/js are skipped"
    echo "Skipped!  - Failed:     0, Passed:     0, Skipped:     1 - clients/js"
    return
  fi
  timeout 120 node --test --test-reporter=tap clients/js/test/*.test.js > artifacts/client.log 2>&1 ||
    grep -A12 '^not ok' artifacts/client.log || true
  awk '/^# (pass|fail|cancelled|skipped) / { n[$2] = $3 }
    END {
      failed = n["fail"] + n["cancelled"]
      if (n["pass"] + failed == 0) failed = 1   # it ended before it could count
      printf "%s!  - Failed: %5d, Passed: %5d, Skipped: %5d - clients/js\n", failed ? "Failed" : "Passed", failed, n["pass"], n["skipped"]
    }' artifacts/client.log
}

# What the tests compare with. classic19 and db2 are for side-by-side benchmarks alone, see tests/peers/README.md.
# Given a number of seconds, what can't be had within them is left out: the tests that need it are skipped, and say so.
install_peers() {
  local within=${1:-} dir began=$SECONDS
  if [ -n "$within" ] && ! peers_can_be_had; then return; fi
  for dir in tests/peers/*/package.json; do
    dir=$(dirname "$dir")
    [[ $dir == */classic19 || $dir == */db2 || -d $dir/node_modules ]] && continue
    local left=$((${within:-3600} - SECONDS + began))
    if [ "$left" -gt 0 ] && install_modules "$dir" "$left"; then continue; fi
    rm -rf "$dir/node_modules"
    [ -n "$within" ] || fail "npm install failed in $dir"
    say "npm install in $dir did not end well within $within s; the tests that need it are skipped"
  done
}

# What the tests of the admin page need. They are skipped, and say so, where it can't be had.
install_browser() {
  local within=${1:-600} sudo="" dir=tests/browser
  if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    say "node and npm are not installed; the browser tests are skipped"
    return
  fi
  [ "$(id -u)" -eq 0 ] || sudo="sudo -n "
  if ! command -v chromium >/dev/null && ! command -v google-chrome >/dev/null; then
    say "installing chromium"
    ${sudo}apt-get update -qq >/dev/null 2>&1 || true
    timeout -k 5 "$within" ${sudo}apt-get install -y -qq --no-install-recommends chromium >/dev/null 2>&1 ||
      { say "apt could not install chromium; the browser tests are skipped"; return; }
  fi
  [ -d "$dir/node_modules" ] && return
  install_modules "$dir" "$within" && return
  rm -rf "$dir/node_modules"
  say "npm install failed in $dir; the browser tests are skipped"
}

install_modules() {
  (cd "$1" && timeout -k 5 "$2" npm install --no-package-lock --no-audit --no-fund --loglevel=error \
    --fetch-retries=1 --fetch-timeout=60000 < /dev/null >&2)
}

peers_can_be_had() {
  if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    say "node and npm are not installed; the tests against the JavaScript peers are skipped"
    return 1
  fi
  if ! timeout -k 5 20 npm view flumedb@2.1.8 version --fetch-retries=0 < /dev/null > /dev/null 2>&1; then
    say "no npm registry answers; the tests against the JavaScript peers are skipped"
    return 1
  fi
}

# Benchmarks. The log is generated once a size and kept in artifacts/bench; what stays on the disk may be removed any time.
run_bench() {
  local verb=table messages=100000 rounds=5 folder="" program=tests/Flume.Benchmarks/bin/Release/net10.0/Flume.Benchmarks
  case "${1:-}" in peers | latency | wire | small) verb=$1; shift ;; esac
  if [ "$verb" = small ]; then
    compile tests/Flume.Benchmarks
    exec "$program" small "$@"
  fi
  local extra=()
  while [ $# -gt 0 ]; do
    case "$1" in
      --messages) messages=${2:?--messages needs a number}; shift 2 ;;
      --rounds) rounds=${2:?--rounds needs a number}; shift 2 ;;
      --data) folder=$(cd "${2:?--data needs a folder with flume/log.offset and secret}" && pwd); shift 2 ;;
      *) extra+=("$1"); shift ;;
    esac
  done
  build
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
  [ "$verb" = latency ] && exec "${js[@]/side-by-side/latency-table}" --bench "$program"
  exec "$program" table "$BIN/flume" "$folder" "$rounds"
}

bench_log() {
  local folder=$1 messages=$2
  [ -f "$folder/secret" ] && return
  rm -rf "$folder" && mkdir -p "$folder/flume"
  "$BIN/flume" generate "$folder/flume/log.offset" --secret --messages "$messages" --authors $((messages / 100 + 10))
  mv "$folder/flume/secret" "$folder/secret"
}

# A directory that runs on a machine without .NET; docs/install.md says how to install it.
run_publish() {
  local out=${1:-artifacts/publish} rid=linux-x64 options
  [ "$(uname -m)" = aarch64 ] && rid=linux-arm64
  [ ! -e "$out" ] || [ -f "$out/flume.service" ] || fail "$out exists and is no earlier publish; name another directory"
  probe_packages
  options=(Flume.Host -c Release -r "$rid" -o "$out.new/bin" --artifacts-path "$PWD/artifacts/publish-build"
    -v q --nologo -p:FlumeReadyToRun=false -p:DebugType=none)
  mkdir -p artifacts && rm -rf "$out.new"
  say "publishing for $rid"
  if dotnet publish "${options[@]}" --self-contained -p:PublishReadyToRun=true > artifacts/publish.log 2>&1; then
    say "the .NET runtime is included"
  elif grep -qE 'NU1101|NU1102|NETSDK1' artifacts/publish.log && dotnet publish "${options[@]}" --no-self-contained > artifacts/publish.log 2>&1; then
    say "the runtime's package can't be restored here, so it is NOT included: the machine needs the ASP.NET Core runtime 10"
  else
    cat artifacts/publish.log >&2
    fail "the publish failed"
  fi
  cp packaging/flume.service packaging/Dockerfile docs/install.md LICENSE hocon/flume.conf "$out.new/"
  mkdir "$out.new/completions"
  "$out.new/bin/flume" completions bash > "$out.new/completions/flume"
  "$out.new/bin/flume" completions zsh > "$out.new/completions/_flume"
  "$out.new/bin/flume" completions fish > "$out.new/completions/flume.fish"
  rm -rf "$out" && mv "$out.new" "$out"
  say "$out is ready: $(du -sh "$out" | cut -f1); see $out/install.md"
}

case "${1:-serve}" in
  publish)
    shift
    run_publish "$@"
    ;;
  bench)
    shift
    run_bench "$@"
    ;;
  install-browser)
    shift
    install_browser "$@"
    ;;
  install-peers)
    shift
    install_peers "$@"
    ;;
  test)
    shift
    run_tests "$@"
    ;;
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
