#!/usr/bin/env bash
# Installs what is missing, builds, checks the format and runs every test. The last line counts the whole suite.
set -euo pipefail
cd "$(dirname "$0")/../.."

# Whoever reads only the last line must see a failure there too, also when no test got as far as running.
line="0 passed, 1 failed"
trap 'status=$?; echo "$line"; exit "$status"' EXIT

infra/local/setup.sh --tests

echo "Building …"
dotnet restore CanteenPay.sln --nologo -v quiet
dotnet build CanteenPay.sln -c Release --no-restore --nologo -v quiet
infra/local/publish-functions.sh
infra/local/publish-agent.sh

# Beside the tests, because it takes a minute and many tests wait for time to pass; what it found is said after them.
format=$(mktemp)
nice dotnet format CanteenPay.sln --verify-no-changes --no-restore >"$format" 2>&1 &
formatting=$!

echo "Testing …"
results=TestResults
rm -rf "$results"
status=0
# One project after the other: several of them start real brokers, storage and browsers on two cores.
dotnet test CanteenPay.sln -c Release --no-build --nologo -m:1 --logger trx --results-directory "$results" \
  --logger "console;verbosity=minimal" --blame-hang-timeout 6m --blame-hang-dump-type none || status=$?

echo "Checking the format …"
formatted=0
wait "$formatting" || formatted=$?
cat "$format"
rm -f "$format"

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
