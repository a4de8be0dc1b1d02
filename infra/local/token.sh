#!/usr/bin/env bash
# Signs in at the local cloud and prints a bearer token, good for an hour:   curl -H "Authorization: Bearer $(infra/local/token.sh operator)" …
#   token.sh [operator|finance|distributor|merchant] [STATE]      whoever infra/local/cloud.json names; STATE is the state folder (.canteen)
set -euo pipefail
cd "$(dirname "$0")/../.."
persona=${1:-operator}
endpoints=${2:-.canteen}/endpoints.json
[ -e "$endpoints" ] || { echo "Nothing runs: $endpoints is not there. 请先运行 infra/local/run.sh。" >&2; exit 1; }

named() { sed -n "s/.*\"$1\": \"\([^\"]*\)\".*/\1/p" "$endpoints"; }

directory="$(named login)/$(named tenantId)/oauth2/v2.0"
client=$(named clientId)
page=http://localhost/signed-in
verifier=$(head -c 32 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=')
digest=$(printf '%s' "$verifier" | sha256sum | cut -d ' ' -f 1 | sed 's/../\\x&/g')
challenge=$(printf '%b' "$digest" | base64 | tr '+/' '-_' | tr -d '=')

# Where the browser would be sent back to, with the code in its address.
back=$(curl --silent --show-error --max-time 10 --output /dev/null --write-out '%{redirect_url}' --get "$directory/authorize" \
  --data-urlencode "client_id=$client" --data-urlencode "redirect_uri=$page" --data-urlencode "persona=$persona" \
  --data "response_type=code&scope=openid&code_challenge_method=S256&code_challenge=$challenge")
code=$(printf '%s' "$back" | sed -n 's/.*[?&]code=\([^&]*\).*/\1/p')
[ -n "$code" ] || { echo "Nobody is called \"$persona\" here. 没有这个身份：见 infra/local/cloud.json 的 personas。" >&2; exit 1; }
curl --silent --show-error --fail-with-body --max-time 10 "$directory/token" \
  --data "grant_type=authorization_code" --data-urlencode "client_id=$client" --data-urlencode "redirect_uri=$page" \
  --data-urlencode "code=$code" --data-urlencode "code_verifier=$verifier" | sed -n 's/.*"access_token":"\([^"]*\)".*/\1/p'
