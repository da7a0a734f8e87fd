#!/usr/bin/env bash
# Makes a directory that runs on a machine without .NET; docs/install.md says how to install it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. ./tests/common.sh

run_publish() {
  local out=${1:-artifacts/publish} rid options
  rid=$(dotnet msbuild Flume.Host -getProperty:NETCoreSdkPortableRuntimeIdentifier)
  [ ! -e "$out" ] || [ -f "$out/flume.service" ] || fail "$out exists and is no earlier publish; name another directory"
  options=(Flume.Host -c Release -r "$rid" -o "$out.new/bin" --artifacts-path "$PWD/artifacts/publish-build"
    -v q --nologo -p:FlumeReadyToRun=false -p:DebugType=none -p:FlumeLockFolder="$PWD/artifacts/publish-build/locks" -p:RestoreLockedMode=false)
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
  cp packaging/install.sh packaging/flume.service packaging/Dockerfile docs/install.md LICENSE hocon/flume.conf "$out.new/"
  mkdir "$out.new/completions"
  "$out.new/bin/flume" completions bash > "$out.new/completions/flume"
  "$out.new/bin/flume" completions zsh > "$out.new/completions/_flume"
  "$out.new/bin/flume" completions fish > "$out.new/completions/flume.fish"
  rm -rf "$out" && mv "$out.new" "$out"
  say "$out is ready: $(du -sh "$out" | cut -f1); see $out/install.md"
}

run_publish "$@"
