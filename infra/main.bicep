// Everything of one installation, in one resource group. What is decided and what is unproven: README.md.
targetScope = 'resourceGroup'

@description('Which installation this is. Part of every name, so that two can share a subscription.')
@allowed([
  'dev'
  'prod'
])
param environmentName string

@description('One region for all: the broker routes only to a topic beside it.')
param location string = resourceGroup().location

@description('Who is woken: at least one address.')
@minLength(1)
param alertEmails array

@description('The most that a month should cost, in the currency of the subscription. Told at 80 % of it, and when the forecast is above it; nothing is stopped.')
@minValue(1)
param monthlyBudget int

@description('First day of the month from which the budget counts, such as 2026-12-01. Azure refuses one that is long past.')
param budgetStart string

@description('The registration of the API in Entra ID, which signs people in.')
param apiClientId string

@description('Where banks and browsers reach the app. Empty: its own address under azurewebsites.net.')
param publicBaseUrl string = ''

@description('The SwiftPass gateway: gateway, signType (MD5 or RSA_1_256), signAgentNo (may be empty), signers (whose keys are in the vault).')
param swiftPass object

@description('The bank\'s interface for new merchants: url and platformId. An empty url: operators key in verification codes.')
param registration object = {
  url: ''
  platformId: ''
}

@description('Finance\'s own system. Empty: nothing is delivered, and no link is good.')
param financeWebhookUrl string = ''

@description('The collector of spans and metrics (OTLP over http/protobuf): endpoint, and ratio, the part of the traces that is kept. An empty endpoint: nothing is sent.')
param otlp object = {
  endpoint: ''
  ratio: '1'
}

@description('Settings that have defaults in the code and should be otherwise here, each with name and value.')
param moreSettings array = []

@description('The self-signed certificate of the device CA, as the vault\'s key signed it: base64 of its PEM. Empty until it is made, which is after the first deployment.')
param deviceCaCertificate string = ''

@description('The vault\'s key of that CA, and the CA\'s name at the broker. A CA that follows another has a name of its own, so that the broker knows both. Empty: device-ca.')
param deviceCaName string = ''

@description('The CA before it, as long as machines have certificates of that one: base64 of its PEM. They renew by them.')
param deviceCaFormerCertificate string = ''

@description('The function app: instanceMemoryMB, maximumInstanceCount, httpConcurrency, alwaysReady (each with name and instanceCount).')
param scaling object

@description('Throughput units of the broker: 10,000 machines and 1,000 messages a second each.')
@minValue(1)
@maxValue(20)
param brokerThroughputUnits int

@description('Redundancy of the account that holds the money: Standard_ZRS survives the loss of a building, Standard_LRS that of a disk.')
@allowed([
  'Standard_LRS'
  'Standard_ZRS'
  'Standard_GZRS'
])
param dataRedundancy string

@description('Storage accounts beside the main one, for merchants\' books: a name each, 1 to 8 lower-case letters and digits, a letter first.')
param merchantAccounts array = []

@description('The merchants that live in one of them, each with merchant (its id) and account (the name): OPERATIONS.md 14.6.')
param merchantHomes array = []

@description('Whether accounts and keys are held against deletion, also by their owner.')
param protect bool

@description('For how long logs are kept, in days.')
@minValue(30)
@maxValue(730)
param logRetentionDays int

// Each queue has one function. topicEnding: which of the machines' messages the broker routes there. dropsDuplicates: the code counts on a second message with the
// same id being dropped; that costs every send a look-up, and at parked a lost letter would be worse than a doubled one.
var queues = [
  { name: 'device-payments', topicEnding: '/up/payments', dropsDuplicates: true }
  { name: 'device-cards', topicEnding: '/up/cards', dropsDuplicates: true }
  { name: 'device-status', topicEnding: '/up/status', dropsDuplicates: true }
  { name: 'payment-polls', topicEnding: '', dropsDuplicates: true }
  { name: 'card-feed', topicEnding: '', dropsDuplicates: true }
  { name: 'settlement', topicEnding: '', dropsDuplicates: true }
  { name: 'table-copies', topicEnding: '', dropsDuplicates: true }
]

var tables = [
  'Orders'
  'OpenOrders'
  'Merchants'
  'Devices'
  'Cards'
  'CardEntries'
  'OpenCards'
  'Parked'
  'Distributors'
  'Members'
  'Audit'
  'Postings'
  'DayIndex'
  'Settlements'
  'Shares'
]

// These lie with their merchant.
var books = [
  'Orders'
  'Postings'
  'Cards'
  'CardEntries'
]

var containers = [
  'documents'
  'settlements'
]

var short = uniqueString(resourceGroup().id)
var suffix = '${environmentName}-${short}'
var deviceCa = empty(deviceCaName) ? 'device-ca' : deviceCaName
var appName = 'canteenpay-${suffix}'
var merchantTables = [for name in merchantAccounts: {
  name: name
  account: 'cpm${name}${short}'
}]
var tags = {
  application: 'canteenpay'
  'azd-env-name': environmentName
}

module identities 'modules/identities.bicep' = {
  params: {
    location: location
    tags: tags
    suffix: suffix
  }
}

module monitoring 'modules/monitoring.bicep' = {
  params: {
    location: location
    tags: tags
    suffix: suffix
    retentionDays: logRetentionDays
    alertEmails: alertEmails
    appPrincipalId: identities.outputs.appPrincipalId
  }
}

module data 'modules/data.bicep' = {
  params: {
    location: location
    tags: tags
    accountName: 'canteen${environmentName}${short}'
    redundancy: dataRedundancy
    tables: tables
    containers: containers
    protect: protect
    workspaceId: monitoring.outputs.workspaceId
    appPrincipalId: identities.outputs.appPrincipalId
    routerPrincipalId: identities.outputs.routerPrincipalId
  }
}

module merchantAccount 'modules/merchant-account.bicep' = [for item in merchantTables: {
  name: 'merchant-account-${item.name}'
  params: {
    location: location
    tags: tags
    accountName: item.account
    redundancy: dataRedundancy
    tables: books
    protect: protect
    workspaceId: monitoring.outputs.workspaceId
    appPrincipalId: identities.outputs.appPrincipalId
  }
}]

module host 'modules/host.bicep' = {
  params: {
    location: location
    tags: tags
    accountName: 'host${environmentName}${short}'
    appPrincipalId: identities.outputs.appPrincipalId
  }
}

module vault 'modules/vault.bicep' = {
  params: {
    location: location
    tags: tags
    vaultName: 'cp-${environmentName}-${short}'
    suffix: suffix
    deviceCaName: deviceCa
    protect: protect
    workspaceId: monitoring.outputs.workspaceId
    actionGroupId: monitoring.outputs.actionGroupId
    appPrincipalId: identities.outputs.appPrincipalId
  }
}

module messaging 'modules/messaging.bicep' = {
  params: {
    location: location
    tags: tags
    suffix: suffix
    queues: queues
    workspaceId: monitoring.outputs.workspaceId
    appPrincipalId: identities.outputs.appPrincipalId
    routerPrincipalId: identities.outputs.routerPrincipalId
  }
}

// After messaging and data, whose outputs it takes: both give the router its roles, without which Azure refuses the subscriptions.
module routing 'modules/routing.bicep' = {
  params: {
    location: location
    tags: tags
    suffix: suffix
    queues: queues
    serviceBusName: messaging.outputs.namespaceName
    deadLetterAccountId: data.outputs.accountId
    deadLetterContainer: data.outputs.deadLetterContainerName
    workspaceId: monitoring.outputs.workspaceId
    routerId: identities.outputs.routerId
    brokerPrincipalId: identities.outputs.brokerPrincipalId
  }
}

// After routing: the broker refuses to route to a topic to which its identity may not send.
module broker 'modules/broker.bicep' = {
  params: {
    location: location
    tags: tags
    suffix: suffix
    throughputUnits: brokerThroughputUnits
    deviceCaCertificate: deviceCaCertificate
    deviceCaName: deviceCa
    topicId: routing.outputs.topicId
    workspaceId: monitoring.outputs.workspaceId
    brokerId: identities.outputs.brokerId
    appPrincipalId: identities.outputs.appPrincipalId
  }
}

module app 'modules/app.bicep' = {
  params: {
    location: location
    tags: tags
    appName: appName
    scaling: scaling
    identityId: identities.outputs.appId
    identityClientId: identities.outputs.appClientId
    applicationInsights: monitoring.outputs.connectionString
    hostAccountName: host.outputs.accountName
    packagesUrl: host.outputs.packagesUrl
    tablesEndpoint: data.outputs.tablesEndpoint
    merchantAccounts: merchantTables
    merchantHomes: merchantHomes
    blobsEndpoint: data.outputs.blobsEndpoint
    serviceBusNamespace: messaging.outputs.fullyQualifiedNamespace
    brokerHost: broker.outputs.host
    brokerId: broker.outputs.id
    vaultName: vault.outputs.name
    deviceCaCertificate: deviceCaCertificate
    deviceCaFormerCertificate: deviceCaFormerCertificate
    deviceCaKey: vault.outputs.deviceCaKey
    keyEncryptionKey: vault.outputs.keyEncryptionKey
    publicBaseUrl: empty(publicBaseUrl) ? 'https://${appName}.azurewebsites.net' : publicBaseUrl
    tenantId: subscription().tenantId
    apiClientId: apiClientId
    swiftPass: swiftPass
    registration: registration
    financeWebhookUrl: financeWebhookUrl
    otlp: otlp
    moreSettings: moreSettings
  }
}

module alerts 'modules/alerts.bicep' = {
  params: {
    location: location
    tags: tags
    environmentName: environmentName
    workspaceId: monitoring.outputs.workspaceId
    actionGroupId: monitoring.outputs.actionGroupId
    serviceBusId: messaging.outputs.namespaceId
    parkedQueue: messaging.outputs.parkedQueue
    topicId: routing.outputs.topicId
    brokerId: broker.outputs.id
    monthlyBudget: monthlyBudget
    budgetStart: budgetStart
  }
}

// azd and the scripts read these.
output FUNCTION_APP_NAME string = app.outputs.name
output FUNCTION_APP_URL string = app.outputs.url
output KEY_VAULT_NAME string = vault.outputs.name
output DEVICE_CA_KEY string = vault.outputs.deviceCaKey
output BROKER_NAMESPACE string = broker.outputs.name
output BROKER_HOST string = broker.outputs.host
