# What run.sh and the scripts that it starts share. Source it in the repository's root.
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en

BIN=Flume.Host/bin/Release/net10.0
STAMP=Flume.Host/obj/run.stamp

say() { echo "run.sh: $*" >&2; }
fail() { say "$*"; exit 1; }

# True when no source of the binary is newer than the start of the last build. A build makes bin and obj in each project's
# folder, so the folders themselves are not looked at.
up_to_date() {
  [ -x "$BIN/flume" ] && [ -f "$STAMP" ] &&
    [ -z "$(find Directory.* global.json -newer "$STAMP")" ] &&
    [ -z "$(find Flume.*/ hocon tests/vectors/small -mindepth 1 \( -name bin -o -name obj \) -prune -o -newer "$STAMP" -print -quit)" ]
}

# Compiles a project or the solution. Shows what the build does on a terminal, and its output when it fails.
compile() {
  mkdir -p artifacts
  if [ -t 2 ]; then dotnet build "$@" -c Release --nologo -v q && return; else
    dotnet build "$@" -c Release -v q --nologo > artifacts/build.log 2>&1 && return
    cat artifacts/build.log >&2
  fi
  fail "the build failed"
}

build() {
  up_to_date && return
  [ -d "$BIN" ] && say "building what changed" || say "restoring packages and building: the first time takes some minutes"
  mkdir -p Flume.Host/{bin,obj} && touch "$STAMP.begun"
  compile Flume.Host
  mv "$STAMP.begun" "$STAMP"
}

install_modules() {
  (cd "$1" && timeout -k 5 "$2" npm install --no-package-lock --no-audit --no-fund --loglevel=error \
    --fetch-retries=1 --fetch-timeout=60000 < /dev/null >&2)
}
