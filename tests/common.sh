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

# The ids of the processes that run from the build's folder.
servers() {
  local exe
  for exe in /proc/[0-9]*/exe; do
    [ "$(readlink "$exe" 2> /dev/null)" = "$(pwd -P)/$BIN/flume" ] && exe=${exe#/proc/} && echo "${exe%/exe}"
  done
  return 0
}

# One line for each project that is restored or built, with the seconds since the start; a sign of life in between.
progress() {
  local began=$SECONDS line
  while true; do
    if IFS= read -r -t 15 line; then
      case "$line" in
        *" -> "*) line=${line%% -> *} && say "built ${line##* } ($((SECONDS - began)) s)" ;;
        *" Restored "*) line=${line%.csproj*} && say "restored the packages of ${line##*/} ($((SECONDS - began)) s)" ;;
      esac
    elif [ $? -gt 128 ]; then say "still building: $((SECONDS - began)) s"; else return 0; fi
  done
}

# Compiles a project or the solution and shows how far it is. Shows the build's output when it fails. Files that a running
# server loads later are never replaced.
compile() {
  local held
  held=$(servers | paste -sd' ')
  [ -z "$held" ] || fail "process $held runs from $BIN, and a build would replace its files. Stop it first: kill $held"
  mkdir -p artifacts
  dotnet build "$@" -c Release --nologo -v m 2>&1 | tee artifacts/build.log | progress && return
  cat artifacts/build.log >&2
  fail "the build failed"
}

build() {
  up_to_date && return
  local held
  held=$(servers | paste -sd' ')
  if [ -n "$held" ]; then
    say "process $held runs from $BIN: its files stay as they are, and what changed since its build is not built"
    return
  fi
  [ -d "$BIN" ] && say "building what changed" || say "restoring packages and building: the first time takes some minutes"
  mkdir -p Flume.Host/{bin,obj} && touch "$STAMP.begun"
  compile Flume.Host
  mv "$STAMP.begun" "$STAMP"
}

install_modules() {
  (cd "$1" && timeout -k 5 "$2" npm install --no-package-lock --no-audit --no-fund --loglevel=error \
    --fetch-retries=1 --fetch-timeout=60000 < /dev/null >&2)
}
