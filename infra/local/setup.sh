#!/usr/bin/env bash
# Installs what is missing to run CanteenPay on one machine; with --tests also what the tests need. Safe to run again.
set -euo pipefail
cd "$(dirname "$0")"

missing() { ! dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'ok installed'; }

packages=(mosquitto libmosquitto1)
if [ "${1:-}" = "--tests" ]; then
  # A browser with Chinese letters, a reader for the QR in its picture, and a judge of the sound.
  packages+=(mosquitto-clients chromium fonts-noto-cjk zbar-tools sox)
fi

wanted=()
for package in "${packages[@]}"; do
  if missing "$package"; then wanted+=("$package"); fi
done

if [ ${#wanted[@]} -gt 0 ]; then
  echo "Installing ${wanted[*]} …"
  root=()
  if [ "$(id -u)" -ne 0 ]; then root=(sudo); fi
  "${root[@]}" apt-get update -qq
  # mosquitto's package would start a broker of its own on the default port.
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends "${wanted[@]}" >/dev/null
fi

command -v node >/dev/null || { echo "Node 20 is missing: install it, then run this again." >&2; exit 1; }
command -v dotnet >/dev/null || { echo "The .NET 10 SDK is missing: install it, then run this again." >&2; exit 1; }

# Azurite, exactly as the lock file says.
if ! cmp -s package-lock.json node_modules/.installed-lock; then
  echo "Installing Azurite …"
  npm ci --silent
  cp package-lock.json node_modules/.installed-lock
fi
