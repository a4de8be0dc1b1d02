#!/usr/bin/env bash
# Makes the certificate of the device CA: its key stays in the vault, which signs it. Once for an environment, after the first `azd provision`.
#   device-ca.sh VAULT [KEY] [YEARS] [FILE]      device-ca.sh cp-prod-x1y2z3 device-ca 10 device-ca.pem
# Who calls it is signed in (az login) and needs, for as long as it takes, Key Vault Crypto Officer on the key and Key Vault Secrets Officer on the vault.
# Afterwards: azd env set CANTEENPAY_DEVICE_CA_CERTIFICATE (it says with what), azd provision.
set -euo pipefail

if [ $# -lt 1 ]; then
  sed -n '2,5s/^# //p' "$0" >&2
  exit 2
fi
vault=$1 key=${2:-device-ca} years=${3:-10} file=${4:-device-ca.pem}
if [ -e "$file" ]; then
  echo "$file is there already. Machines go by the CA that signed them: a second one is a rotation (infra/OPERATIONS.md, 14.3)." >&2
  exit 2
fi

root=$(cd "$(dirname "$0")/.." && pwd)
said=$(dotnet run --project "$root/infra/CanteenPay.DeviceCa" -c Release -- "https://$vault.vault.azure.net" "$key" "CanteenPay device CA" "$years" "$file")
openssl verify -x509_strict -check_ss_sig -CAfile "$file" "$file" >&2

# In the vault with its end, because that is what wakes somebody 30 days before.
az keyvault secret set --vault-name "$vault" --name device-ca-certificate --file "$file" --expires "${said##* }" --output none
echo "Signed by ${said%% *}, good until ${said##* }. Now:" >&2
echo "azd env set CANTEENPAY_DEVICE_CA_CERTIFICATE $(base64 --wrap=0 "$file") && azd provision"
