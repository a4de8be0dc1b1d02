#!/usr/bin/env bash
# Measures, each number beside a floor taken in the same run. Prints Markdown; the committed results are in tests/Benchmarks/README.md.
#   bench.sh all              everything below but cost, cards, night, chroot, lunch and model, about 6 minutes on two idle cores
#   bench.sh payments [N]     N payments one after the other on the whole local stack (100), then refunds
#   bench.sh cost [N]         what N paid orders (20) and N taps take of what Azure charges for, and a machine's start, a sweep, a night; 3 minutes
#   bench.sh taps [N] [M]     N taps decided and stored (2000) among M accounts (50000), beside an append to a growing file, both on the disk each time
#   bench.sh cards [N] [M]    N taps (2000) on four machines of a merchant with M accounts (50000), faults on and two machines cut off: the books must agree
#   bench.sh night [N] [M]    a night of N merchants (200) with M orders each (500) on the whole local stack, beside reading their postings
#   bench.sh functions [N]    the function app without storage beside a bare Kestrel, N requests a round (20000)
#   bench.sh link [N]         the MQTT client beside bare libmosquitto, N messages a round (2000)
#   bench.sh tables [N]       the table client beside a bare HttpClient, N rows a round (2000)
#   bench.sh agent [N]        the published agent beside a bare Generic Host, N starts (5)
#   bench.sh settlement-rules [N]  the rules of settlement over N orders (10000000) beside plain integers, their memory, and N / 10 orders beside an oracle
#   bench.sh settlement-export [N]  a merchant's day of N orders (200000) as CSV and as a workbook, the memory beside that of N / 10; LibreOffice must read the same sums
#   bench.sh chroot           the agent's package on a clean Debian with a systemd of its own: installed, killed, updated, rolled back; needs root, about 7 minutes
#   bench.sh code             BenchmarkDotNet on single rules
#   bench.sh lunch [MINUTES]  a lunch with every fault turned on (10); ends with 0 only if nothing is missing, doubled or different
#   bench.sh model [N]        N random stories against the invariants (1000000), from the seed in FROM (1); see tests/Simulation/README.md
set -euo pipefail
cd "$(dirname "$0")/../.."
load=$(cut -d ' ' -f 1 /proc/loadavg)
machine() {
  echo "$(nproc) × $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(date -u +%F), load average $load when it began"
  echo
}
if [ "${1:-}" = lunch ]; then
  machine
  exec infra/local/run.sh --lunch "${2:-10}" --chaos "${@:3}"
fi
if [ "${1:-}" = chroot ]; then
  machine
  exec infra/local/chroot.sh
fi
build() { dotnet build "$1" -c Release --nologo -v quiet >&2; }
if [ "${1:-}" = model ]; then
  build tests/Simulation
  machine
  exec tests/Simulation/bin/Release/net10.0/CanteenPay.Simulation --cases "${2:-1000000}" --from "${FROM:-1}"
fi
publish() {
  case "$1" in
    functions | agent) "infra/local/publish-$1.sh" >&2 ;;
    *)
      rm -rf "artifacts/floors/${1,,}"
      dotnet publish "tests/Benchmarks/Floors/CanteenPay.Bare$1" -c Release -r linux-x64 --self-contained -o "artifacts/floors/${1,,}" --nologo -v quiet >&2
      ;;
  esac
}
measure() {
  echo "### ${1^}"
  echo
  "$bench" "$@"
  echo
}
bench=tests/Benchmarks/bin/Release/net10.0/CanteenPay.Benchmarks
part=${1:-payments}
case "$part" in
  payments | cards | night) parts=(infra/local/CanteenPay.LocalCloud infra/local/CanteenPay.BankSimulator) published=(functions agent) ;;
  cost) parts=(infra/local/CanteenPay.LocalCloud infra/local/CanteenPay.BankSimulator) published=(functions) ;;
  functions) parts=() published=(functions Web) ;;
  agent) parts=() published=(agent Host) ;;
  link | tables | taps | settlement-rules | settlement-export | code) parts=() published=() ;;
  all) parts=(infra/local/CanteenPay.LocalCloud infra/local/CanteenPay.BankSimulator) published=(functions agent Web Host) ;;
  *)
    sed -n '2,18p' "$0" >&2
    exit 2
    ;;
esac
infra/local/setup.sh >&2
# Only this one needs it; without it, it says so.
if [ "$part" = settlement-export ] && ! command -v soffice >/dev/null; then
  apt-get install -y -qq --no-install-recommends libreoffice-calc-nogui >&2 || true
fi
for project in tests/Benchmarks "${parts[@]}"; do build "$project"; done
for what in "${published[@]}"; do publish "$what"; done
case "$part" in
  code) exec "$bench" --filter '*' --artifacts artifacts/benchmarks ;;
  all)
    machine
    for each in payments taps functions link tables agent settlement-rules settlement-export; do measure "$each"; done
    "$bench" --filter '*' --job short --inProcess --artifacts artifacts/benchmarks >&2
    echo "### Code"
    echo
    cat artifacts/benchmarks/results/*-report-github.md
    ;;
  *)
    machine
    measure "$@"
    ;;
esac
