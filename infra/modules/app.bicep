// The function app: a custom handler on Flex Consumption, and every setting it reads.
param location string
param tags object
param appName string
param scaling object
param identityId string
param identityClientId string
param applicationInsights string
param hostAccountName string
param packagesUrl string
param tablesEndpoint string
param blobsEndpoint string
param serviceBusNamespace string
param brokerHost string
param brokerId string
param vaultName string
param deviceCaCertificate string
param deviceCaFormerCertificate string
param deviceCaKey string
param keyEncryptionKey string
param publicBaseUrl string
param tenantId string
param apiClientId string
param swiftPass object
param registration object
param financeWebhookUrl string
param otlp object
param moreSettings array
param merchantAccounts array
param merchantHomes array

// The host's own. The runtime stands in functionAppConfig: Flex Consumption refuses FUNCTIONS_WORKER_RUNTIME.
var hostSettings = [
  { name: 'AzureWebJobsStorage__accountName', value: hostAccountName }
  { name: 'AzureWebJobsStorage__credential', value: 'managedidentity' }
  { name: 'AzureWebJobsStorage__clientId', value: identityClientId }
  { name: 'ServiceBus__credential', value: 'managedidentity' }
  { name: 'ServiceBus__clientId', value: identityClientId }
  { name: 'APPLICATIONINSIGHTS_CONNECTION_STRING', value: applicationInsights }
  { name: 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING', value: 'ClientId=${identityClientId};Authorization=AAD' }
]

var appSettings = [
  // Which of its identities DefaultAzureCredential takes.
  { name: 'AZURE_CLIENT_ID', value: identityClientId }
  { name: 'Tables__Endpoint', value: tablesEndpoint }
  { name: 'Blobs__Endpoint', value: blobsEndpoint }
  // The host's triggers and the app's senders read the same.
  { name: 'ServiceBus__fullyQualifiedNamespace', value: serviceBusNamespace }
  { name: 'EventGrid__Endpoint', value: 'https://${brokerHost}' }
  // Where machines are written as clients of the broker.
  { name: 'EventGrid__NamespaceId', value: brokerId }
  { name: 'ResourceManager__Endpoint', value: environment().resourceManager }
  { name: 'Sealing__KeyVaultKey', value: keyEncryptionKey }
  { name: 'AzureAd__Instance', value: environment().authentication.loginEndpoint }
  { name: 'AzureAd__TenantId', value: tenantId }
  { name: 'AzureAd__ClientId', value: apiClientId }
  { name: 'Payments__PublicBaseUrl', value: publicBaseUrl }
  { name: 'SwiftPass__Gateway', value: swiftPass.gateway }
  { name: 'SwiftPass__SignType', value: swiftPass.signType }
]

var signsByRsa = swiftPass.signType == 'RSA_1_256'
var signAgent = empty(swiftPass.signAgentNo) ? [] : [
  { name: 'SwiftPass__SignAgentNo', value: swiftPass.signAgentNo }
]
var signerKeys = [for signer in swiftPass.signers: {
  name: signsByRsa ? 'SwiftPass__PrivateKeys__${signer}' : 'SwiftPass__Keys__${signer}'
  value: '@Microsoft.KeyVault(VaultName=${vaultName};SecretName=swiftpass-key-${signer})'
}]
var platformKey = !signsByRsa ? [] : [
  { name: 'SwiftPass__PlatformPublicKey', value: '@Microsoft.KeyVault(VaultName=${vaultName};SecretName=swiftpass-platform-key)' }
]

var registrationSettings = empty(registration.url) ? [] : [
  { name: 'Registration__Url', value: registration.url }
  { name: 'Registration__PlatformId', value: registration.platformId }
  { name: 'Registration__Key', value: '@Microsoft.KeyVault(VaultName=${vaultName};SecretName=registration-key)' }
]

var financeSettings = empty(financeWebhookUrl) ? [] : [
  { name: 'Finance__WebhookUrl', value: financeWebhookUrl }
  { name: 'Finance__WebhookSecret', value: '@Microsoft.KeyVault(VaultName=${vaultName};SecretName=finance-webhook-secret)' }
]

// Which merchants' books lie elsewhere, and where.
var accountSettings = [for item in merchantAccounts: {
  name: 'Tables__Accounts__${item.name}'
  value: 'https://${item.account}.table.${environment().suffixes.storage}'
}]
var homeSettings = [for home in merchantHomes: {
  name: 'Tables__Homes__${home.merchant}'
  value: home.account
}]

// Spans and metrics of the app itself go to a collector, if there is one. A key of its own for each environment, in the vault.
var otlpSettings = empty(otlp.endpoint) ? [] : [
  { name: 'OTEL_EXPORTER_OTLP_ENDPOINT', value: otlp.endpoint }
  { name: 'OTEL_EXPORTER_OTLP_HEADERS', value: '@Microsoft.KeyVault(VaultName=${vaultName};SecretName=otlp-headers)' }
  { name: 'OTEL_TRACES_SAMPLER_ARG', value: otlp.ratio }
]

// Until the CA is made, machines get no certificates.
var deviceCaSettings = empty(deviceCaCertificate) ? [] : [
  { name: 'DeviceCa__Certificate', value: deviceCaCertificate }
  { name: 'DeviceCa__FormerCertificate', value: deviceCaFormerCertificate }
  { name: 'DeviceCa__KeyVaultKey', value: deviceCaKey }
]

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: appName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    tier: 'FlexConsumption'
    name: 'FC1'
  }
  properties: {
    reserved: true
  }
}

resource site 'Microsoft.Web/sites@2024-04-01' = {
  name: appName
  location: location
  // By this tag azd finds where to put the package.
  tags: union(tags, {
    'azd-service-name': 'functions'
  })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identityId
    siteConfig: {
      minTlsVersion: '1.2'
      appSettings: concat(hostSettings, appSettings, signAgent, signerKeys, platformKey, registrationSettings, financeSettings, otlpSettings, deviceCaSettings, accountSettings, homeSettings, moreSettings)
    }
    functionAppConfig: {
      runtime: {
        name: 'custom'
        version: '1.0'
      }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packagesUrl
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      scaleAndConcurrency: {
        instanceMemoryMB: scaling.instanceMemoryMB
        maximumInstanceCount: scaling.maximumInstanceCount
        alwaysReady: scaling.alwaysReady
        triggers: {
          http: {
            perInstanceConcurrency: scaling.httpConcurrency
          }
        }
      }
    }
  }
}

@description('No user names and passwords for publishing: azd and pipelines come with Entra tokens.')
resource noFtp 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: site
  name: 'ftp'
  properties: {
    allow: false
  }
}

resource noScm 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: site
  name: 'scm'
  properties: {
    allow: false
  }
}

output name string = site.name
output url string = 'https://${site.properties.defaultHostName}'
