#!/usr/bin/env bash
# Publishes the agent as a machine gets it: one trimmed executable compiled ahead of time, beside it SQLite and the settings, into artifacts/agent.
# The machine needs no .NET, only libmosquitto1.
#   publish-agent.sh [VERSION]    the version that it tells the cloud
set -euo pipefail
cd "$(dirname "$0")/../.."
# Publishing never takes away: what an earlier one left must not be installed.
rm -rf artifacts/agent
# Analysed by the build of the solution; not once more here.
dotnet publish device-agent/CanteenPay.DeviceAgent -c Release -r linux-x64 --self-contained -p:RunAnalyzers=false \
  ${1:+-p:Version="$1"} -o artifacts/agent --nologo -v quiet
