#!/usr/bin/env bash
# What the system could not do by itself and keeps for a person: look at it, and send a message again once its cause is gone.
#   parked.sh list [yyyy-MM-dd]      what was kept on a day (today)
#   parked.sh show yyyy-MM-dd KEY    one item with its body
#   parked.sh send yyyy-MM-dd KEY    send it to its queue again
# CANTEENPAY_URL is the function app (http://127.0.0.1:7071), CANTEENPAY_TOKEN an operator's bearer token:
#   locally   export CANTEENPAY_TOKEN=$(infra/local/token.sh operator)
set -euo pipefail
url=${CANTEENPAY_URL:-http://127.0.0.1:7071}

call() {
  local header=()
  if [ -n "${CANTEENPAY_TOKEN:-}" ]; then header=(--header "Authorization: Bearer $CANTEENPAY_TOKEN"); fi
  curl --silent --show-error --fail-with-body --max-time 60 "${header[@]}" "$@"
  echo
}

# A key holds whatever a message id may hold.
encoded() {
  local LC_ALL=C text=$1 out="" c i
  for ((i = 0; i < ${#text}; i++)); do
    c=${text:i:1}
    case "$c" in
      [a-zA-Z0-9._~-]) out+=$c ;;
      *) out+=$(printf '%%%02X' "'$c") ;;
    esac
  done
  echo "$out"
}

case "${1:-}-$#" in
  list-1) call "$url/api/parked" ;;
  list-2) call "$url/api/parked?day=$(encoded "$2")" ;;
  show-3) call "$url/api/parked/$(encoded "$2")/$(encoded "$3")" ;;
  send-3) call --request POST "$url/api/parked/$(encoded "$2")/$(encoded "$3")/send-again" && echo "Sent again. 已重新发送。" ;;
  *)
    sed -n '2,7p' "$0" >&2
    exit 2
    ;;
esac
