// From the broker into queues: a custom topic and one subscription for each queue that machines' messages go to.
param location string
param tags object
param suffix string
param queues array
param serviceBusName string
param deadLetterAccountId string
param deadLetterContainer string
param workspaceId string
param routerId string
param brokerPrincipalId string

var eventGridDataSender = 'd5a91429-5739-47e2-a06b-3470a27159e7'

resource topic 'Microsoft.EventGrid/topics@2025-02-15' = {
  name: 'canteenpay-machines-${suffix}'
  location: location
  tags: tags
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${routerId}': {}
    }
  }
  properties: {
    inputSchema: 'CloudEventSchemaV1_0'
    disableLocalAuth: true
    minimumTlsVersionAllowed: '1.2'
  }
}

resource brokerSends 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: topic
  name: guid(topic.id, brokerPrincipalId, eventGridDataSender)
  properties: {
    principalId: brokerPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', eventGridDataSender)
  }
}

@description('Both ends of the subject are fixed: what is published over HTTP is routed too, and must not look like a machine\'s word. The message id stays Event Grid\'s own, the same when it delivers again.')
resource subscription 'Microsoft.EventGrid/topics/eventSubscriptions@2025-02-15' = [for item in queues: if (!empty(item.topicEnding)) {
  parent: topic
  name: item.name
  properties: {
    eventDeliverySchema: 'CloudEventSchemaV1_0'
    filter: {
      includedEventTypes: [
        'MQTT.EventPublished'
      ]
      subjectBeginsWith: 'canteen/v1/devices/'
      subjectEndsWith: item.topicEnding
    }
    deliveryWithResourceIdentity: {
      identity: {
        type: 'UserAssigned'
        userAssignedIdentity: routerId
      }
      destination: {
        endpointType: 'ServiceBusQueue'
        properties: {
          resourceId: resourceId('Microsoft.ServiceBus/namespaces/queues', serviceBusName, item.name)
        }
      }
    }
    deadLetterWithResourceIdentity: {
      identity: {
        type: 'UserAssigned'
        userAssignedIdentity: routerId
      }
      deadLetterDestination: {
        endpointType: 'StorageBlob'
        properties: {
          resourceId: deadLetterAccountId
          blobContainerName: deadLetterContainer
        }
      }
    }
    retryPolicy: {
      maxDeliveryAttempts: 30
      eventTimeToLiveInMinutes: 1440
    }
  }
}]

resource failures 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: topic
  name: 'failures'
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'DeliveryFailures'
        enabled: true
      }
      {
        category: 'PublishFailures'
        enabled: true
      }
    ]
  }
}

output topicId string = topic.id
