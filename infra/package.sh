#!/usr/bin/env bash
# Makes what is deployed: artifacts/packages/canteenpay-functions.zip and its .sha256, with host.json at its root and the executable's bit, which nobody can set where the app runs.
#   package.sh               publishes first
#   package.sh --published   packs what infra/local/publish-functions.sh has made
set -euo pipefail
cd "$(dirname "$0")/.."
case ${1:-} in
"") infra/local/publish-functions.sh ;;
--published) ;;
*)
  echo "What is $1? $0 takes --published or nothing." >&2
  exit 2
  ;;
esac
command -v zip >/dev/null || {
  echo "zip is missing: install it, then run this again." >&2
  exit 1
}
[ -x artifacts/functions/CanteenPay.Functions ] || {
  echo "artifacts/functions holds no published app: run $0 without --published." >&2
  exit 1
}
mkdir -p artifacts/packages
package=$PWD/artifacts/packages/canteenpay-functions.zip
rm -f "$package" "$package.sha256"
cd artifacts/functions
# The same files make the same package: no owners, no times and no umask of this machine. The user that the platform runs it as owns nothing of it. Packed a tenth
# larger in a third of the time.
chmod -R u=rwX,go=rX .
find . -exec touch --no-dereference --date="@$(git log -1 --format=%ct)" {} +
find . -type f | LC_ALL=C sort | TZ=UTC zip -q -1 -X "$package" -@
cd ../packages
sha256sum canteenpay-functions.zip >canteenpay-functions.zip.sha256
echo "artifacts/packages/canteenpay-functions.zip"
