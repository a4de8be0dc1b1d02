#!/usr/bin/env bash
# Installs what is missing to run CanteenPay on one machine; with --tests also what the tests need. Safe to run again.
set -euo pipefail
cd "$(dirname "$0")"

missing() { ! dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'ok installed'; }

refuse() {
  echo "$1 is missing: install it, then run this again." >&2
  exit 1
}

# The machine's page speaks through the browser, so no sound card and no alsa-utils is asked for.
packages=(mosquitto libmosquitto1)
if [ "${1:-}" = "--tests" ]; then
  # A browser with Chinese letters, a reader for the QR in its picture, a judge of the sound, kill, what infra/parked.sh calls the cloud with, and what infra/package.sh packs with.
  packages+=(chromium fonts-noto-cjk zbar-tools sox procps curl zip)
fi

wanted=()
for package in "${packages[@]}"; do
  if missing "$package"; then wanted+=("$package"); fi
done

if [ ${#wanted[@]} -gt 0 ]; then
  echo "Installing ${wanted[*]} …"
  root=()
  if [ "$(id -u)" -ne 0 ]; then root=(sudo); fi
  # mosquitto's package would start a broker of its own on the default port: Debian asks this file whether it may.
  policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    trap '"${root[@]}" rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' | "${root[@]}" tee "$policy" >/dev/null
    "${root[@]}" chmod 755 "$policy"
  fi

  "${root[@]}" apt-get update -qq
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${wanted[@]}" >/dev/null
fi

command -v dotnet >/dev/null || refuse "The .NET 10 SDK"
command -v node >/dev/null || refuse "Node.js 20 or later"
node=$(node --version)
major=${node#v}
major=${major%%.*}
[ "$major" -ge 20 ] || refuse "Node.js 20 or later (this is $node)"
command -v npm >/dev/null || refuse "npm, which belongs to Node.js,"

# Azurite, exactly as the lock file says.
if ! cmp -s package-lock.json node_modules/.installed-lock; then
  echo "Installing Azurite …"
  npm ci --no-audit --no-fund --loglevel=error
  cp package-lock.json node_modules/.installed-lock
fi
