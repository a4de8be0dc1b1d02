#!/usr/bin/env bash
# Publishes the function app as it is deployed: self-contained, compiled ahead of time, into artifacts/functions.
set -euo pipefail
cd "$(dirname "$0")/../.."
dotnet publish functions/CanteenPay.Functions -c Release -r linux-x64 --self-contained -p:PublishReadyToRun=true \
  -o artifacts/functions --nologo -v quiet
