#!/usr/bin/env bash
# What the system could not do by itself and keeps for a person: look at it, and send a message again once its cause is gone.
#   parked.sh list [yyyy-MM-dd]      what was kept on a day (today)
#   parked.sh show yyyy-MM-dd KEY    one item with its body
#   parked.sh send yyyy-MM-dd KEY    send it to its queue again
#   parked.sh done yyyy-MM-dd KEY "what was done"    it waits no more
#   parked.sh open [DAYS]            what still waits, of the last days (14)
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
  done-4)
    # As JSON has it: a note may hold anything that people write.
    note=$(printf '%s' "$4" | sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' | tr '\n\t\r' '   ')
    call --request POST --header 'Content-Type: application/json' --data-binary "{\"note\":\"$note\"}" "$url/api/parked/$(encoded "$2")/$(encoded "$3")/settled"
    ;;
  open-1 | open-2)
    for ((i = ${2:-14} - 1; i >= 0; i--)); do
      day=$(TZ=Asia/Shanghai date -d "-$i day" +%F)
      waiting=$(call "$url/api/parked?day=$day&open=true")
      [ "$waiting" = "[]" ] || echo "$waiting"
    done
    ;;
  *)
    sed -n '2,9p' "$0" >&2
    exit 2
    ;;
esac
