#!/usr/bin/env bash
# Starts CanteenPay on this machine: a machine's screen, a bank, and everything that Azure does in between. Ctrl-C ends it.
# Arguments go to LocalCloud, e.g. --port status=9000; --help lists them.
#   run.sh --lunch MINUTES [--chaos] [--seed N] [--machines N] …    simulated diners at several machines instead, and a summary that must say
#                                                                   that nothing is missing; the arguments are CanteenPay.Lunch's
#   run.sh settle yyyy-MM-dd [--state FOLDER]                       settles a day of the stack that runs and prints it like a bank statement
set -euo pipefail
cd "$(dirname "$0")/../.."
if [ "${1:-}" = settle ]; then
  dotnet build infra/local/CanteenPay.Settle -c Release --nologo -v quiet >&2
  exec infra/local/CanteenPay.Settle/bin/Release/net10.0/CanteenPay.Settle "${@:2}"
fi
infra/local/setup.sh >&2
echo "Building …" >&2
projects=(infra/local/CanteenPay.LocalCloud infra/local/CanteenPay.BankSimulator device-agent/CanteenPay.DeviceAgent)
lunch=()
rest=()
while [ $# -gt 0 ]; do
  case "$1" in
    --lunch) lunch=(--minutes "${2:?--lunch needs its minutes}") && shift 2 ;;
    *) rest+=("$1") && shift ;;
  esac
done
if [ ${#lunch[@]} -gt 0 ]; then projects+=(infra/local/CanteenPay.Lunch); fi
for project in "${projects[@]}"; do
  dotnet build "$project" -c Release --nologo -v quiet >&2
done
infra/local/publish-functions.sh >&2
if [ ${#lunch[@]} -gt 0 ]; then
  exec infra/local/CanteenPay.Lunch/bin/Release/net10.0/CanteenPay.Lunch "${lunch[@]}" "${rest[@]}"
fi
exec infra/local/CanteenPay.LocalCloud/bin/Release/net10.0/CanteenPay.LocalCloud --app artifacts/functions "${rest[@]}"
