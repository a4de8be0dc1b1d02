// Keys that never leave, and secrets that people put in.
param location string
param tags object
param vaultName string
param suffix string
param deviceCaName string
param protect bool
param workspaceId string
param actionGroupId string
param appPrincipalId string

var keyVaultCryptoServiceEncryptionUser = 'e147488a-f6f5-4113-8e2d-b22465e65bf6'
var keyVaultSecretsUser = '4633458b-17de-408a-b874-0445c86b69e6'

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: vaultName
  location: location
  tags: tags
  properties: {
    tenantId: subscription().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    // Cannot be taken back, and Azure refuses false: a vault for trying things out goes without.
    enablePurgeProtection: protect ? true : null
  }
}

@description('Wraps the data keys of merchants\' papers (setting Sealing:KeyVaultKey). What it wrapped is lost with it.')
resource merchants 'Microsoft.KeyVault/vaults/keys@2023-07-01' = {
  parent: vault
  name: 'merchants'
  properties: {
    kty: 'RSA'
    keySize: 3072
    keyOps: [
      'wrapKey'
      'unwrapKey'
    ]
  }
}

@description('Signs machines\' certificates: README.md says why the app may.')
resource deviceCa 'Microsoft.KeyVault/vaults/keys@2023-07-01' = {
  parent: vault
  name: deviceCaName
  properties: {
    kty: 'EC'
    curveName: 'P-256'
    keyOps: [
      'sign'
      'verify'
    ]
  }
}

@description('Wraps and unwraps by this one key, and reads which version is the latest.')
resource appWraps 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: merchants
  name: guid(merchants.id, appPrincipalId, keyVaultCryptoServiceEncryptionUser)
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', keyVaultCryptoServiceEncryptionUser)
  }
}

@description('Has the device CA\'s key sign. No built-in role is as narrow: those that may sign may also wrap, or make keys.')
resource machineSigner 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(resourceGroup().id, 'canteenpay-machine-signer')
  properties: {
    roleName: 'CanteenPay machine signer ${suffix}'
    description: 'Signs by a key of the vault: nothing else.'
    type: 'CustomRole'
    permissions: [
      {
        actions: []
        notActions: []
        dataActions: [
          'Microsoft.KeyVault/vaults/keys/sign/action'
        ]
        notDataActions: []
      }
    ]
    assignableScopes: [
      resourceGroup().id
    ]
  }
}

resource appSigns 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: deviceCa
  name: guid(deviceCa.id, appPrincipalId, machineSigner.id)
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: machineSigner.id
  }
}

@description('The app settings that refer to secrets are read by the app\'s identity. The vault holds no other secrets than the app\'s and the CA\'s certificate.')
resource appReadsSecrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, appPrincipalId, keyVaultSecretsUser)
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', keyVaultSecretsUser)
  }
}

resource held 'Microsoft.Authorization/locks@2020-05-01' = if (protect) {
  scope: vault
  name: 'holds-keys'
  properties: {
    level: 'CanNotDelete'
    notes: 'Without its keys, sealed papers cannot be opened and no machine gets a certificate.'
  }
}

@description('Who used which key and read which secret.')
resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: vault
  name: 'audit'
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        categoryGroup: 'audit'
        enabled: true
      }
    ]
  }
}

resource events 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: 'vault-${vaultName}'
  location: location
  tags: tags
  properties: {
    source: vault.id
    topicType: 'Microsoft.KeyVault.vaults'
  }
}

@description('30 days before, and only for versions made after this subscription: the script that makes the device CA sets its dates.')
resource expiry 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = {
  parent: events
  name: 'near-expiry'
  properties: {
    eventDeliverySchema: 'CloudEventSchemaV1_0'
    destination: {
      endpointType: 'MonitorAlert'
      properties: {
        severity: 'Sev1'
        description: 'A certificate, key or secret of the vault expires within 30 days, or has expired.'
        actionGroups: [
          actionGroupId
        ]
      }
    }
    filter: {
      includedEventTypes: [
        'Microsoft.KeyVault.CertificateNearExpiry'
        'Microsoft.KeyVault.CertificateExpired'
        'Microsoft.KeyVault.KeyNearExpiry'
        'Microsoft.KeyVault.KeyExpired'
        'Microsoft.KeyVault.SecretNearExpiry'
        'Microsoft.KeyVault.SecretExpired'
      ]
    }
  }
}

output name string = vault.name
// Without a version: a new one is used from the day it is made.
output keyEncryptionKey string = merchants.properties.keyUri
output deviceCaKey string = deviceCa.properties.keyUri
