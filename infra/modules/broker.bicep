// The MQTT broker: who may publish and read what. The machines themselves are resources below it that the app makes, not this file.
param location string
param tags object
param suffix string
param throughputUnits int
param deviceCaCertificate string
param deviceCaName string
param topicId string
param workspaceId string
param brokerId string
param appPrincipalId string

var topicSpacesPublisher = 'a12b0b94-b317-4dcd-84a8-502ce99884c6'

// Machines say their name as the user name of CONNECT; the broker holds it against the certificate's subject.
resource broker 'Microsoft.EventGrid/namespaces@2025-02-15' = {
  name: 'canteenpay-${suffix}'
  location: location
  tags: tags
  sku: {
    name: 'Standard'
    capacity: throughputUnits
  }
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${brokerId}': {}
    }
  }
  properties: {
    minimumTlsVersionAllowed: '1.2'
    topicSpacesConfiguration: {
      state: 'Enabled'
      // As long as a machine asks for.
      maximumSessionExpiryInHours: 8
      maximumClientSessionsPerAuthenticationName: 1
      routeTopicResourceId: topicId
      routingIdentityInfo: {
        type: 'UserAssigned'
        userAssignedIdentity: brokerId
      }
      routingEnrichments: {
        dynamic: [
          {
            // The broker's own word on who published: the app believes nothing else.
            key: 'clientname'
            value: '\${client.authenticationName}'
          }
        ]
      }
    }
  }
}

// One that is not named here any more stays at the broker until it is taken away: so a former CA's machines go on.
resource deviceCa 'Microsoft.EventGrid/namespaces/caCertificates@2025-02-15' = if (!empty(deviceCaCertificate)) {
  parent: broker
  name: deviceCaName
  properties: {
    description: 'Self-signed; its key stays in the vault.'
    encodedCertificate: deviceCaCertificate
  }
}

@description('Not $all: what is not said to be a machine gets nothing.')
resource machines 'Microsoft.EventGrid/namespaces/clientGroups@2025-02-15' = {
  parent: broker
  name: 'machines'
  properties: {
    description: 'Tills, as the app enrols them.'
    query: 'attributes.kind = "machine"'
  }
}

resource machinesUp 'Microsoft.EventGrid/namespaces/topicSpaces@2025-02-15' = {
  parent: broker
  name: 'machines-up'
  properties: {
    topicTemplates: [
      'canteen/v1/devices/\${client.authenticationName}/up/#'
    ]
  }
}

resource machinesDown 'Microsoft.EventGrid/namespaces/topicSpaces@2025-02-15' = {
  parent: broker
  name: 'machines-down'
  properties: {
    topicTemplates: [
      'canteen/v1/devices/\${client.authenticationName}/down/#'
      'canteen/v1/merchants/\${client.attributes.merchant}/cards'
    ]
  }
}

@description('What the app says. A space of its own, because a template with a machine\'s name in it matches nothing for an identity that is no machine.')
resource cloud 'Microsoft.EventGrid/namespaces/topicSpaces@2025-02-15' = {
  parent: broker
  name: 'cloud'
  properties: {
    topicTemplates: [
      'canteen/v1/devices/+/down/#'
      'canteen/v1/merchants/+/cards'
    ]
  }
}

resource machinesPublish 'Microsoft.EventGrid/namespaces/permissionBindings@2025-02-15' = {
  parent: broker
  name: 'machines-publish'
  properties: {
    clientGroupName: machines.name
    topicSpaceName: machinesUp.name
    permission: 'Publisher'
  }
}

resource machinesRead 'Microsoft.EventGrid/namespaces/permissionBindings@2025-02-15' = {
  parent: broker
  name: 'machines-read'
  properties: {
    clientGroupName: machines.name
    topicSpaceName: machinesDown.name
    permission: 'Subscriber'
  }
}

resource appPublishes 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: cloud
  name: guid(cloud.id, appPrincipalId, topicSpacesPublisher)
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', topicSpacesPublisher)
  }
}

@description('Enrols, moves and blocks machines. No built-in role is as narrow: those that may write clients may also let them read everything.')
resource machineRegistrar 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(resourceGroup().id, 'canteenpay-machine-registrar')
  properties: {
    roleName: 'CanteenPay machine registrar ${suffix}'
    description: 'Reads and writes the clients of the broker: not groups, spaces, permissions or certificates.'
    type: 'CustomRole'
    permissions: [
      {
        actions: [
          'Microsoft.EventGrid/namespaces/clients/read'
          'Microsoft.EventGrid/namespaces/clients/write'
        ]
        notActions: []
        dataActions: []
        notDataActions: []
      }
    ]
    assignableScopes: [
      resourceGroup().id
    ]
  }
}

resource appRegisters 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: broker
  name: guid(broker.id, appPrincipalId, machineRegistrar.id)
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: machineRegistrar.id
  }
}

@description('Who came, who was turned away, who left: for the question why a machine is silent. Not each message.')
resource connections 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: broker
  name: 'connections'
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'SuccessfulMqttConnections'
        enabled: true
      }
      {
        category: 'FailedMqttConnections'
        enabled: true
      }
      {
        category: 'MqttDisconnections'
        enabled: true
      }
      {
        category: 'FailedMqttPublishedMessages'
        enabled: true
      }
      {
        category: 'FailedHttpDataPlaneOperations'
        enabled: true
      }
    ]
  }
}

output id string = broker.id
output name string = broker.name
output host string = broker.properties.topicSpacesConfiguration.hostname
