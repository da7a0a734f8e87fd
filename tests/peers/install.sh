#!/usr/bin/env bash
# Installs the npm modules of the JavaScript peers, and the browser of the page tests: install.sh peers|browser [SECONDS]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. ./tests/common.sh

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

# What the tests compare with. classic19 is for benchmarks alone, see tests/peers/README.md.
# Given a number of seconds, what can't be had within them is left out: the tests that need it are skipped, and say so.
install_peers() {
  local within=${1:-} dir began=$SECONDS
  if [ -n "$within" ] && ! peers_can_be_had; then return; fi
  for dir in tests/peers/*/package.json tests/peers/replication/*/package.json; do
    dir=$(dirname "$dir")
    [[ $dir == */classic19 || -d $dir/node_modules ]] && continue
    # sql compiles SQLite for node, which takes minutes.
    [[ -n $within && $dir == */sql ]] && continue
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

case "${1:-}" in
  peers) install_peers "${@:2}" ;;
  browser) install_browser "${@:2}" ;;
  *) fail "install.sh takes peers or browser" ;;
esac
