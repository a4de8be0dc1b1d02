#!/usr/bin/env bash
# Makes the package that a machine is installed and updated from: artifacts/packages/canteenpay-agent-VERSION-linux-x64.tar.gz and its .sha256.
#   package-agent.sh VERSION
# What is in it, and what becomes of it on a machine: device-agent/package/README.md.
set -euo pipefail
cd "$(dirname "$0")/.."
version=${1:-}
[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]{1,20})?$ ]] || {
  echo "Give the package's version, one that no other package has: $0 1.4.0" >&2
  exit 2
}
infra/local/publish-agent.sh "$version"
name=canteenpay-agent-$version-linux-x64
folder=artifacts/packages/$name
rm -rf "$folder"
mkdir -p "$folder"
cp -a artifacts/agent/. device-agent/package/. "$folder/"
# From the executable itself: a package must not say what its agent is not.
read -r built _ database < <("$folder/CanteenPay.DeviceAgent" --version)
[ "${built%%+*}" = "$version" ] || {
  echo "The agent says that it is $built, not $version." >&2
  exit 1
}
echo "$version" >"$folder/VERSION"
echo "$database" >"$folder/DATABASE"
# The same files make the same package: no names, no times of this machine.
tar --create --sort=name --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX --mtime="@$(git log -1 --format=%ct)" --directory=artifacts/packages "$name" | gzip -n >"$folder.tar.gz"
(cd artifacts/packages && sha256sum "$name.tar.gz" >"$name.tar.gz.sha256")
rm -rf "$folder"
echo "$folder.tar.gz"
