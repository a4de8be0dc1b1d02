#!/usr/bin/env bash
# Installs what is missing, builds, checks the format and runs every test. The last line counts the whole suite.
set -euo pipefail
cd "$(dirname "$0")/../.."

# Whoever reads only the last line must see a failure there too, also when no test got as far as running.
line="0 passed, 1 failed"
trap 'status=$?; echo "$line"; exit "$status"' EXIT

# Beside the build, which needs nothing of it.
infra/local/setup.sh --tests &
installing=$!

echo "Building …"
# One compiler for all projects, whatever the machine has set: each by itself would load and warm up the analyzers anew, which doubles the time. It ends when nothing is left to compile.
export UseSharedCompilation=true
# Compilers make much garbage and end soon: 256 MiB (in hexadecimal) of it between collections, and no profiles of what will not run again, spare a third of their time.
compiling() { DOTNET_GCgen0size=10000000 DOTNET_TieredPGO=0 "$@"; }
built=0
{ compiling dotnet restore CanteenPay.sln --nologo -v quiet && compiling dotnet build CanteenPay.sln -c Release --no-restore --nologo -v quiet; } || built=$?
wait "$installing"
[ "$built" -eq 0 ] || exit "$built"

# Beside the tests, because it takes a while and many tests wait for time to pass; what it found is said after them. Only whitespace and the order of imports: style and
# analyzers, the rest of what `dotnet format` looks at, are errors of the build above. As files of a folder: to load the projects takes half as long again.
format=$(mktemp)
mapfile -d '' -t sources < <(git ls-files -z --cached --others --exclude-standard '*.cs')
compiling nice dotnet format whitespace . --folder --verify-no-changes --include "${sources[@]}" >"$format" 2>&1 &
formatting=$!

echo "Testing …"
results=TestResults
rm -rf "$results"
mkdir "$results"
# In three rows, one project after the other in each: the whole stack with its browser; beside it the others, many of which wait most of the time; and with what these
# leave of two cores, the longest, which only reckons.
reckoning=(CanteenPay.Simulation.Tests)
mapfile -t waiting < <(dotnet sln CanteenPay.sln list | tr '\\' '/' | grep -E '^tests/[^/]*Tests/' | xargs -n 1 dirname | xargs -n 1 basename |
  grep -vxF "$(printf '%s\n' "${reckoning[@]}")")

run() {
  local failed=0 project
  for project in "$@"; do
    # Neither do the programs that tests start run for long enough to win by a profile of themselves.
    DOTNET_TieredPGO=0 dotnet test "tests/$project" -c Release --no-build --nologo --logger "trx;LogFileName=$project.trx" --results-directory "$results" \
      --logger "console;verbosity=minimal" --blame-hang-timeout 6m --blame-hang-dump-type none || failed=$?
  done
  return "$failed"
}

# A row that gives way to the others; what it says is kept until the end.
beside() {
  local lower=$1
  shift
  (
    renice -n "$lower" "$BASHPID" >/dev/null
    run "$@"
  )
}

said=$(mktemp -d)
beside 5 "${waiting[@]}" >"$said/waiting" 2>&1 &
waits=$!
beside 10 "${reckoning[@]}" >"$said/reckoning" 2>&1 &
reckons=$!
status=0
# The whole stack runs what is deployed.
{ compiling infra/local/publish-functions.sh && compiling infra/local/publish-agent.sh; } || status=$?
dotnet build-server shutdown --vbcscompiler >/dev/null || true
run EndToEnd || status=$?
wait "$waits" || status=$?
wait "$reckons" || status=$?
cat "$said/waiting" "$said/reckoning"

echo "Checking the format …"
formatted=0
wait "$formatting" || formatted=$?
cat "$format"
rm -rf "$format" "$said"

# Nothing to count, where no project got as far as writing its results, is 0.
count() {
  { cat "$results"/*.trx 2>/dev/null | grep -o '<Counters [^>]*' | grep -o " $1=\"[0-9]*\"" | tr -dc '0-9\n' || true; } \
    | awk '{ n += $1 } END { print n + 0 }'
}
total=$(count total)
executed=$(count executed)
passed=$(count passed)
failed=$((executed - passed))
skipped=$((total - executed))

if [ "$total" -eq 0 ] && [ "$status" -eq 0 ]; then status=1; fi
# A project that died or hung before it could count its tests has failed too.
if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then
  echo "A test project ended with $status without a failed test: see above." >&2
  failed=1
fi

if [ "$formatted" -ne 0 ]; then
  echo "The format is not what dotnet format makes of it: see above; dotnet format CanteenPay.sln mends it." >&2
  status=$formatted
  failed=$((failed + 1))
fi

line="$passed passed, $failed failed"
if [ "$skipped" -gt 0 ]; then line="$line, $skipped skipped"; fi
exit "$status"
