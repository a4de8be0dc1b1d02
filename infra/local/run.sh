#!/usr/bin/env bash
# Starts CanteenPay on this machine: a machine's screen, a bank, and everything that Azure does in between. Ctrl-C ends it.
# Arguments go to LocalCloud, e.g. --port status=9000; --help lists them.
set -euo pipefail
cd "$(dirname "$0")/../.."
infra/local/setup.sh
echo "Building …"
for project in infra/local/CanteenPay.LocalCloud infra/local/CanteenPay.BankSimulator device-agent/CanteenPay.DeviceAgent; do
  dotnet build "$project" -c Release --nologo -v quiet
done
infra/local/publish-functions.sh
exec infra/local/CanteenPay.LocalCloud/bin/Release/net10.0/CanteenPay.LocalCloud --app artifacts/functions "$@"
