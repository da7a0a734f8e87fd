#!/usr/bin/env bash
# Installs this directory as one version beside the others, and makes it the current one. Run as root:
#   install.sh             installs, switches, and restarts the service if it runs
#   install.sh --rollback  goes back to the version before
#   install.sh --list      the versions; * is the current one
# FLUME_ROOT=DIR installs below DIR, for images: without users, units and restarts.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
root=${FLUME_ROOT:-} opt=${FLUME_ROOT:-}/opt/flume kept=3

say() { echo "install.sh: $*"; }
fail() { say "$*" >&2; exit 1; }

target() { [ -L "$opt/$1" ] && readlink "$opt/$1" || true; }

# Replaces a link in one step, so that there is always a whole version.
point() {
  ln -sfn "$2" "$opt/.$1.new"
  mv -T "$opt/.$1.new" "$opt/$1"
}

switch() {
  local before
  before=$(target current)
  [ "$before" = "$1" ] && { say "$1 is the current version already"; return; }
  [ -z "$before" ] || point previous "$before"
  point current "$1"
  say "current is $1${before:+, previous is $before}"
  restart
}

restart() {
  [ -z "$root" ] && systemctl is-active --quiet flume || return 0
  say "restarting the service"
  systemctl restart flume || fail "the service does not start with this version ('journalctl -u flume -n 20' says why): $opt/current/install.sh --rollback"
}

# A version is never changed after it was installed: processes that run from it keep their files.
install_version() {
  local version id
  version=$("$here/bin/flume" version --json | sed -n 's/.*"version":"\([^"]*\)".*/\1/p')
  [ -n "$version" ] || fail "$here/bin/flume does not say its version; run this from the directory that './run.sh publish' made"
  id=$version-$({ cat "$here"/bin/flume "$here"/bin/*.dll 2> /dev/null || true; } | sha256sum | cut -c1-8)
  mkdir -p "$opt"
  if [ ! -d "$opt/$id" ]; then
    rm -rf "$opt/.new"
    cp -r "$here" "$opt/.new"
    mv "$opt/.new" "$opt/$id"
  fi
  [ -n "$root" ] || system_files "$id"
  switch "$id"
  prune
}

system_files() {
  id -u flume > /dev/null 2>&1 ||
    useradd --system --home-dir /var/lib/flume --shell /usr/sbin/nologin flume
  cp "$opt/$1/flume.service" /etc/systemd/system/
  ln -sfn /opt/flume/current/bin/flume /usr/local/bin/flume
  mkdir -p /usr/share/bash-completion/completions
  cp "$opt/$1/completions/flume" /usr/share/bash-completion/completions/flume
  systemctl daemon-reload
}

versions() { find "$opt" -mindepth 1 -maxdepth 1 -type d ! -name '.*' -printf '%T@ %f\n' | sort -rn | cut -d' ' -f2; }

# Keeps the newest versions, the current and the previous one.
prune() {
  versions | tail -n +$((kept + 1)) | while read -r old; do
    [ "$old" = "$(target current)" ] || [ "$old" = "$(target previous)" ] || rm -rf "${opt:?}/$old"
  done
}

case "${1:-}" in
  "") install_version ;;
  --rollback)
    previous=$(target previous)
    [ -n "$previous" ] || fail "there is no version before $(target current)"
    [ -d "$opt/$previous" ] || fail "$opt/$previous is gone; '$0 --list' shows what is there"
    switch "$previous"
    ;;
  --list) versions | while read -r each; do [ "$each" = "$(target current)" ] && echo "* $each" || echo "  $each"; done ;;
  *) fail "'$1' is none of --rollback and --list" ;;
esac
