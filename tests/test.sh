#!/usr/bin/env bash
# Runs the tests; the last line is "N passed, N failed, N skipped". test.sh [fast | peers | CLASS]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. ./tests/common.sh

# The projects that one run covers: all, all but the system tests, or those that contain a class.
projects() {
  case "${1:-}" in
    "" | peers) ls -d tests/*Tests ;;
    fast) ls -d tests/*Tests | grep -v SystemTests ;;
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
  awk '/: tried / { if ($0 ~ /violated 0,/) passed++; else failed++ }
    /: skipped/ { skipped++ }
    END {
      if (passed + failed + skipped < 9) failed++   # it ended before its last kind
      printf "%s!  - Failed: %5d, Passed: %5d, Skipped: %5d - torture\n", failed ? "Failed" : "Passed", failed, passed, skipped
    }' artifacts/torture.log
}

what=${1:-} filter=()
case "$what" in
  "") tests/peers/install.sh peers 180 || true; tests/peers/install.sh browser 180 || true ;;
  fast) ;;
  peers) tests/peers/install.sh peers
    filter=(--filter "$(grep -rlE 'PeerFact|PeerTheory|ModuleFact' tests/*Tests --include='*Tests.cs' | xargs -n1 basename -s .cs | sed 's/^/FullyQualifiedName~./' | paste -sd'|')") ;;
  *) filter=(--filter "FullyQualifiedName~.$what") ;;
esac
read -r -d '' -a chosen < <(projects "$what") || true
[ ${#chosen[@]} -gt 0 ] || fail "no test class is named '$what'; test takes fast, peers or the name of a class"
if [ -z "$what" ] || [ "$what" = fast ]; then compile Flume.sln; else for project in "${chosen[@]}"; do compile "$project"; done; fi

mkdir -p artifacts && : > artifacts/test.log
broken=0
for project in "${chosen[@]}"; do
  # A test that hangs fails the run after some minutes and is named.
  dotnet test "$project" -c Release --no-build --nologo "${filter[@]}" --blame-hang --blame-hang-timeout 4m \
    --blame-hang-dump-type none | tee -a artifacts/test.log || broken=$((broken + 1))
done
[ -z "$what" ] || [ "$what" = fast ] && client_tests | tee -a artifacts/test.log
[ -z "$what" ] && torture_tests | tee -a artifacts/test.log
# The runner prints one line a project: sum them.
awk -v broken="$broken" '
  /Failed: +[0-9]+, Passed: +[0-9]+, Skipped: +[0-9]+/ { gsub(/[^0-9,]/, " "); split($0, n, ","); failed += n[1]; passed += n[2]; skipped += n[3] }
  END { if (broken && !failed) failed = broken; printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped; exit failed > 0 }' artifacts/test.log
