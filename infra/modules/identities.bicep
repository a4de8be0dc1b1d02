// Who acts. User-assigned, so that each has its roles before the resource that uses them is made.
param location string
param tags object
param suffix string

@description('The function app.')
resource app 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'canteenpay-app-${suffix}'
  location: location
  tags: tags
}

@description('The broker, which hands machines\' messages to the topic.')
resource broker 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'canteenpay-broker-${suffix}'
  location: location
  tags: tags
}

@description('The topic, which puts them into queues.')
resource router 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'canteenpay-router-${suffix}'
  location: location
  tags: tags
}

output appId string = app.id
output appClientId string = app.properties.clientId
output appPrincipalId string = app.properties.principalId
output brokerId string = broker.id
output brokerPrincipalId string = broker.properties.principalId
output routerId string = router.id
output routerPrincipalId string = router.properties.principalId
