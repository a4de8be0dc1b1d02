#!/usr/bin/env bash
# Copies of the tables and the way back from them; and a merchant's move to another account.
#   tables.sh list                                   which copies there are, and whether they are complete
#   tables.sh copy                                   makes one now, for example before a risky deployment
#   tables.sh restore COPY TABLE --from BLOBS --to ACCOUNT [--account NAME] [--merchant ID | --partition KEY] [--write | --replace] [--incomplete] [--yes]
#       only looks, unless --write (adds rows that are missing) or --replace (also sets back rows that differ: asks for the words, or wants --yes)
#   tables.sh move MERCHANT --from ACCOUNT --to ACCOUNT --name NAME [--switch]
#       a merchant's books into another account: copies while the app runs; with --switch, while it is stopped, the last part (OPERATIONS.md 14.6)
# BLOBS and ACCOUNT are https addresses (https://NAME.blob.core.windows.net, https://NAME.table.core.windows.net), or names of environment variables that
# hold connection strings. NAME is the copied account's name in the app's settings (main). Who restores is signed in (az login) and needs Storage Blob Data Reader
# on the copies and Storage Table Data Contributor on the account, for as long as it takes.
# For list and copy: CANTEENPAY_URL is the function app (http://127.0.0.1:7071), CANTEENPAY_TOKEN an operator's bearer token.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
url=${CANTEENPAY_URL:-http://127.0.0.1:7071}

call() {
  local header=()
  if [ -n "${CANTEENPAY_TOKEN:-}" ]; then header=(--header "Authorization: Bearer $CANTEENPAY_TOKEN"); fi
  curl --silent --show-error --fail-with-body --max-time 60 "${header[@]}" "$@"
  echo
}

case "${1:-}" in
  list) call "$url/api/copies" ;;
  copy) call --request POST "$url/api/copies" ;;
  restore | move) exec dotnet run --project "$root/infra/CanteenPay.TableAdmin" -c Release -- "$@" ;;
  *)
    sed -n '2,13s/^# \{0,1\}//p' "$0" >&2
    exit 2
    ;;
esac
