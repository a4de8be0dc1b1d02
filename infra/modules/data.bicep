// The money: tables and papers. Only identities get in; whoever has the account's key gets nothing.
param location string
param tags object
param accountName string
param redundancy string
param tables array
param containers array
param protect bool
param workspaceId string
param appPrincipalId string
param routerPrincipalId string

var storageTableDataContributor = '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
var storageBlobDataContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
var deadLetters = 'event-dead-letters'
var copies = 'table-copies'

resource account 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: accountName
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: redundancy
  }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
  }
}

resource tableService 'Microsoft.Storage/storageAccounts/tableServices@2023-05-01' = {
  parent: account
  name: 'default'
}

resource table 'Microsoft.Storage/storageAccounts/tableServices/tables@2023-05-01' = [for name in tables: {
  parent: tableService
  name: name
}]

@description('A file deleted by mistake comes back for a week. No versions: personal data that the product forgets must be gone after that.')
resource blobService 'Microsoft.Storage/storageAccounts/blobServices@2023-05-01' = {
  parent: account
  name: 'default'
  properties: {
    deleteRetentionPolicy: {
      enabled: true
      days: 7
    }
    containerDeleteRetentionPolicy: {
      enabled: true
      days: 7
    }
  }
}

resource container 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01' = [for name in containers: {
  parent: blobService
  name: name
  properties: {
    publicAccess: 'None'
  }
}]

@description('Machines\' messages that Event Grid could not deliver for a day.')
resource deadLetterContainer 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01' = {
  parent: blobService
  name: deadLetters
  properties: {
    publicAccess: 'None'
  }
}

@description('Each night\'s copy of all tables. Read by nobody but a restore.')
resource copiesContainer 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01' = {
  parent: blobService
  name: copies
  properties: {
    publicAccess: 'None'
  }
}

@description('For a week nobody deletes or overwrites a copy, also whoever has the app\'s identity. Not locked: the owner can take it away.')
resource copiesStand 'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies@2023-05-01' = if (protect) {
  parent: copiesContainer
  name: 'default'
  properties: {
    immutabilityPeriodSinceCreationInDays: 7
    allowProtectedAppendWrites: false
  }
}

@description('Dead letters name cards: whoever is woken has looked at them by then. Copies hold people whom the product forgets: 19 days, one until the rule runs and the 7 of what is deleted are less than 28.')
resource forgetting 'Microsoft.Storage/storageAccounts/managementPolicies@2023-05-01' = {
  parent: account
  name: 'default'
  properties: {
    policy: {
      rules: [
        {
          name: 'forget-dead-letters'
          enabled: true
          type: 'Lifecycle'
          definition: {
            filters: {
              blobTypes: [
                'blockBlob'
                'appendBlob'
              ]
              prefixMatch: [
                '${deadLetters}/'
              ]
            }
            actions: {
              baseBlob: {
                delete: {
                  daysAfterModificationGreaterThan: 90
                }
              }
            }
          }
        }
        {
          name: 'forget-copies'
          enabled: true
          type: 'Lifecycle'
          definition: {
            filters: {
              blobTypes: [
                'blockBlob'
              ]
              prefixMatch: [
                '${copies}/'
              ]
            }
            actions: {
              baseBlob: {
                delete: {
                  daysAfterModificationGreaterThan: 19
                }
              }
            }
          }
        }
      ]
    }
  }
}

resource appTables 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: account
  name: guid(account.id, appPrincipalId, storageTableDataContributor)
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', storageTableDataContributor)
  }
}

resource appBlobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for (name, index) in containers: {
  scope: container[index]
  name: guid(container[index].id, appPrincipalId, storageBlobDataContributor)
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', storageBlobDataContributor)
  }
}]

resource appCopies 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: copiesContainer
  name: guid(copiesContainer.id, appPrincipalId, storageBlobDataContributor)
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', storageBlobDataContributor)
  }
}

resource routerDeadLetters 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: deadLetterContainer
  name: guid(deadLetterContainer.id, routerPrincipalId, storageBlobDataContributor)
  properties: {
    principalId: routerPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', storageBlobDataContributor)
  }
}

resource held 'Microsoft.Authorization/locks@2020-05-01' = if (protect) {
  scope: account
  name: 'holds-money'
  properties: {
    level: 'CanNotDelete'
    notes: 'The books of all merchants, and the copies from which they come back.'
  }
}

@description('Who deleted what. Reads and writes would be most of the bill; the product keeps its own audit.')
resource blobDeletions 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: blobService
  name: 'deletions'
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'StorageDelete'
        enabled: true
      }
    ]
  }
}

output accountId string = account.id
output tablesEndpoint string = account.properties.primaryEndpoints.table
output blobsEndpoint string = account.properties.primaryEndpoints.blob
output deadLetterContainerName string = deadLetterContainer.name
