#!/usr/bin/env bash
# Runs the tests; the last line is "N passed, N failed, N skipped". test.sh [fast | peers | CLASS]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. ./tests/common.sh

# The projects that one run covers: all, all but the system tests, or those that contain a class.
projects() {
  case "${1:-}" in
    "" | peers) ls -d tests/*Tests ;;
    # The longest first, so that none runs alone at the end.
    fast) printf '%s\n' tests/Flume.{Ssb,Actors,Host}.Tests; ls -d tests/*Tests | grep -vE 'System|Ssb|Actors|Host' ;;
    *) grep -rlE "class $1\b" tests --include='*.cs' | cut -d/ -f1,2 | sort -u ;;
  esac
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

# A minute of torture; each kind counts as one test, and its seed is printed.
torture_tests() {
  timeout 400 tests/Flume.Torture/bin/Release/net10.0/Flume.Torture 1 --flume "$PWD/$BIN/flume" \
    power journal disk bits side kill calls hostile sync > artifacts/torture.log 2>&1 || grep -E 'VIOLATION|violated' artifacts/torture.log || true
  grep -E ': (tried|skipped)' artifacts/torture.log || true
  awk '/: tried / { if ($0 ~ /violated 0,/ && $0 !~ /tried 0,/) passed++; else failed++ }
    /: skipped/ { skipped++ }
    END {
      if (passed + failed + skipped < 9) failed++   # it ended before its last kind
      printf "%s!  - Failed: %5d, Passed: %5d, Skipped: %5d - torture\n", failed ? "Failed" : "Passed", failed, passed, skipped
    }' artifacts/torture.log
}

# Runs the tests of a project. A test that hangs fails the run after some minutes and is named.
run_project() {
  local log=artifacts/test-${1##*/}.log
  dotnet test "$1" -c Release --no-build --nologo "${filter[@]}" --blame-hang --blame-hang-timeout 4m \
    --blame-hang-dump-type none > "$log.running" 2>&1 || touch "$log.failed"
  mv "$log.running" "$log.new"
}

# Shows the output of the projects that have ended.
show_ended() {
  for log in artifacts/test-*.log.new; do
    if [ -f "$log" ]; then tee -a artifacts/test.log < "$log"; mv "$log" "${log%.new}"; fi
  done
}

what=${1:-} filter=() at_once=1
case "$what" in
  "") tests/peers/install.sh peers 180 || true; tests/peers/install.sh browser 180 || true ;;
  fast) filter=(--filter 'Category!=Peers&Category!=Slow') at_once=2 ;;
  peers) tests/peers/install.sh peers; filter=(--filter 'Category=Peers') ;;
  *) filter=(--filter "FullyQualifiedName~.$what") ;;
esac
read -r -d '' -a chosen < <(projects "$what") || true
[ ${#chosen[@]} -gt 0 ] || fail "no test class is named '$what'; test takes fast, peers or the name of a class"
if [ -z "$what" ] || [ "$what" = fast ]; then compile Flume.sln; else for project in "${chosen[@]}"; do compile "$project"; done; fi

mkdir -p artifacts && rm -f artifacts/test*.log artifacts/test-*.log.* && : > artifacts/test.log
trap 'trap - TERM; kill 0' INT # the shell starts jobs so that they ignore an interrupt
for project in "${chosen[@]}"; do
  while [ "$(jobs -rp | wc -l)" -ge "$at_once" ]; do wait -n || true; show_ended; done
  run_project "$project" &
done
wait
show_ended
broken=$(find artifacts -name 'test-*.log.failed' | wc -l)
[ -z "$what" ] || [ "$what" = fast ] && client_tests | tee -a artifacts/test.log
[ -z "$what" ] && torture_tests | tee -a artifacts/test.log
# The runner prints one line a project: sum them.
awk -v broken="$broken" '
  /Failed: +[0-9]+, Passed: +[0-9]+, Skipped: +[0-9]+/ { gsub(/[^0-9,]/, " "); split($0, n, ","); failed += n[1]; passed += n[2]; skipped += n[3] }
  END { if (broken && !failed) failed = broken; printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped; exit failed > 0 }' artifacts/test.log
