// Service Bus: one queue a trigger, from the list in main.bicep, and the one to which all others forward what they gave up.
param location string
param tags object
param suffix string
param queues array
param workspaceId string
param appPrincipalId string
param routerPrincipalId string

// Owner, not Receiver: without the right to manage, the scaler does not see scheduled messages and leaves an app asleep that has only these.
var serviceBusDataOwner = '090c5cfd-751d-490a-894a-3ce6f1109419'
var serviceBusDataSender = '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39'

// As the local cloud plays them. The host renews a lock while its function runs.
var lockDuration = 'PT1M'
var maxDeliveryCount = 10
var timeToLive = 'P14D'
var duplicateWindow = 'PT10M'

resource bus 'Microsoft.ServiceBus/namespaces@2024-01-01' = {
  name: 'canteenpay-${suffix}'
  location: location
  tags: tags
  sku: {
    name: 'Standard'
    tier: 'Standard'
  }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
  }
}

@description('Keeps its own dead letters: they are what even the function Park could not keep.')
resource parked 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' = {
  parent: bus
  name: 'parked'
  properties: {
    lockDuration: lockDuration
    maxDeliveryCount: maxDeliveryCount
    defaultMessageTimeToLive: timeToLive
    deadLetteringOnMessageExpiration: true
    requiresDuplicateDetection: false
  }
}

resource queue 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' = [for item in queues: {
  parent: bus
  name: item.name
  properties: {
    lockDuration: lockDuration
    maxDeliveryCount: maxDeliveryCount
    defaultMessageTimeToLive: timeToLive
    deadLetteringOnMessageExpiration: true
    requiresDuplicateDetection: item.dropsDuplicates
    duplicateDetectionHistoryTimeWindow: duplicateWindow
    forwardDeadLetteredMessagesTo: parked.name
  }
}]

resource appOwnsParked 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: parked
  name: guid(parked.id, appPrincipalId, serviceBusDataOwner)
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', serviceBusDataOwner)
  }
}

@description('It has a trigger on each, and sends to the same queues only: Owner covers both.')
resource appOwns 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for (item, index) in queues: {
  scope: queue[index]
  name: guid(queue[index].id, appPrincipalId, serviceBusDataOwner)
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', serviceBusDataOwner)
  }
}]

resource routerSends 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for (item, index) in queues: if (!empty(item.topicEnding)) {
  scope: queue[index]
  name: guid(queue[index].id, routerPrincipalId, serviceBusDataSender)
  properties: {
    principalId: routerPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', serviceBusDataSender)
  }
}]

resource operations 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: bus
  name: 'operations'
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        categoryGroup: 'allLogs'
        enabled: true
      }
    ]
  }
}

output namespaceId string = bus.id
output namespaceName string = bus.name
// serviceBusEndpoint is https://{host}:443/.
output fullyQualifiedNamespace string = split(split(bus.properties.serviceBusEndpoint, '//')[1], ':')[0]
output parkedQueue string = parked.name
