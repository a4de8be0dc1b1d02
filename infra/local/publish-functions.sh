#!/usr/bin/env bash
# Publishes the function app as it is deployed: self-contained, compiled ahead of time, into artifacts/functions.
set -euo pipefail
cd "$(dirname "$0")/../.."
# Publishing never takes away: what an earlier one left must not be deployed.
rm -rf artifacts/functions
# Analysed by the build of the solution; not once more here.
dotnet publish functions/CanteenPay.Functions -c Release -r linux-x64 --self-contained -p:PublishReadyToRun=true \
  -p:RunAnalyzers=false -o artifacts/functions --nologo -v quiet
