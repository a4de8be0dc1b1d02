#!/usr/bin/env bash
# Measures, each number beside a floor taken in the same run. Prints Markdown; the committed results are in tests/Benchmarks/README.md.
#   bench.sh payments [N]     N payments one after the other on the whole local stack (100)
#   bench.sh code             BenchmarkDotNet on single rules
#   bench.sh lunch [MINUTES]  a lunch with every fault turned on (10); ends with 0 only if nothing is missing, doubled or different
#   bench.sh model [N]        N random stories against the invariants (1000000), from the seed in FROM (1); see tests/Simulation/README.md
set -euo pipefail
cd "$(dirname "$0")/../.."
machine() {
  echo "$(nproc) × $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(date -u +%F)"
  echo
}
if [ "${1:-}" = lunch ]; then
  machine
  exec infra/local/run.sh --lunch "${2:-10}" --chaos "${@:3}"
fi
if [ "${1:-}" = model ]; then
  dotnet build tests/Simulation -c Release --nologo -v quiet >&2
  machine
  exec tests/Simulation/bin/Release/net10.0/CanteenPay.Simulation --cases "${2:-1000000}" --from "${FROM:-1}"
fi
infra/local/setup.sh
for project in infra/local/CanteenPay.LocalCloud infra/local/CanteenPay.BankSimulator device-agent/CanteenPay.DeviceAgent tests/Benchmarks; do
  dotnet build "$project" -c Release --nologo -v quiet >&2
done
bench=tests/Benchmarks/bin/Release/net10.0/CanteenPay.Benchmarks
case "${1:-payments}" in
  payments)
    infra/local/publish-functions.sh >&2
    machine
    exec "$bench" payments "${2:-100}"
    ;;
  code) exec "$bench" --filter '*' --artifacts artifacts/benchmarks ;;
  *)
    sed -n '2,6p' "$0" >&2
    exit 2
    ;;
esac
