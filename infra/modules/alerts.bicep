// What wakes somebody, and the budget. Each text that a rule looks for is one that the app logs, each name one of its functions; a test holds them together.
param location string
param tags object
param environmentName string
param workspaceId string
param actionGroupId string
param serviceBusId string
param parkedQueue string
param topicId string
param brokerId string
param monthlyBudget int
param budgetStart string

// Severity 0 is a fire, 3 a note. looksFor is a piece of a message of the app: one line of it is enough.
var traceAlerts = [
  {
    name: 'parked'
    severity: 1
    description: 'A message or a payment waits for a person: parked.sh list.'
    looksFor: 'Parked for a person: '
  }
  {
    name: 'stopped'
    severity: 1
    description: 'A machine\'s journal contradicts the ledger and is booked no further, or finance\'s system never took an edition.'
    looksFor: ' is parked: '
  }
  {
    name: 'difference'
    severity: 1
    description: 'The card balances of a merchant are not what its ledger says.'
    looksFor: ' differs by '
  }
  {
    name: 'not-settled'
    severity: 1
    description: 'A merchant could not be settled and waits for a person.'
    looksFor: ' tries: it is listed and waits for a person'
  }
  {
    name: 'broker-untold'
    severity: 1
    description: 'For 15 minutes the broker has worked by an older word about a machine: a blocked one may still connect, a new one not.'
    looksFor: 'The broker does not know yet that machine '
  }
  {
    name: 'audit-broken'
    severity: 0
    description: 'The chain of the audit does not hold: somebody changed what was written.'
    looksFor: ' is broken: '
  }
  {
    name: 'audit-rewritten'
    severity: 0
    description: 'An entry of the audit is gone or another one.'
    looksFor: ' was rewritten: entry '
  }
  {
    name: 'audit-unwritten'
    severity: 1
    description: 'The audit could not keep entries.'
    looksFor: 'Audit could not keep '
  }
]

// Each gives one row when it should wake somebody. Requests are not sampled (host.json), so a missing one is one that was not made. 19 h UTC is 3 h in Shanghai, 21 h is 5 h.
var queryAlerts = [
  {
    name: 'night-late'
    severity: 1
    description: 'Settlement is not done by 03:00: merchants were sent to be settled, but the files of the day are not there.'
    frequency: 'PT15M'
    window: 'PT3H'
    query: 'AppTraces | summarize Begun = countif(Message contains " is sent to be settled by "), Done = countif(Message contains " is there: ") | where hourofday(now()) == 19 and Begun > 0 and Done == 0'
  }
  {
    name: 'night-missed'
    severity: 1
    description: 'The function Night did not end well between midnight and 03:00.'
    frequency: 'PT15M'
    window: 'PT3H'
    query: 'AppRequests | summarize Nights = countif(Name == "Night" and Success) | where hourofday(now()) == 19 and Nights == 0'
  }
  {
    name: 'tables-not-copied'
    severity: 1
    description: 'The copy of all tables was not complete by 05:00: the last one is a day old, or older.'
    frequency: 'PT15M'
    window: 'PT6H'
    query: 'AppTraces | summarize Copies = countif(Message contains "Nightly copy ") | where hourofday(now()) == 21 and Copies == 0'
  }
  {
    name: 'sweep-still'
    severity: 0
    description: 'The function Sweep did not end well in 15 minutes: nothing revives what got lost.'
    frequency: 'PT5M'
    window: 'PT15M'
    query: 'AppRequests | summarize Sweeps = countif(Name == "Sweep" and Success) | where Sweeps == 0'
  }
  {
    name: 'machines-silent'
    severity: 1
    description: 'No machine said how it is in 30 minutes at a time when canteens serve. One silent machine is seen by its cashier first; all of them together are ours.'
    frequency: 'PT15M'
    window: 'PT30M'
    query: 'AppRequests | summarize Heard = countif(Name == "MachineStatus") | where Heard == 0 and hourofday(now() + 8h) in (11, 12, 17, 18)'
  }
  {
    name: 'errors'
    severity: 1
    description: 'More than 5 % of at least 20 invocations and requests failed within 15 minutes.'
    frequency: 'PT5M'
    window: 'PT15M'
    query: 'AppRequests | summarize Total = count(), Failed = countif(Success == false) | where Total >= 20 and Failed * 20 > Total'
  }
]

var metricAlerts = [
  {
    name: 'parked-dead-letters'
    severity: 0
    description: 'Even the function Park could not keep something: it lies among the dead letters of its queue.'
    scope: serviceBusId
    metricNamespace: 'Microsoft.ServiceBus/namespaces'
    metric: 'DeadletteredMessages'
    aggregation: 'Maximum'
    dimensions: [
      {
        name: 'EntityName'
        operator: 'Include'
        values: [parkedQueue]
      }
    ]
  }
  {
    name: 'routing-dead-letters'
    severity: 1
    description: 'Event Grid could not deliver machines\' messages for a day: container event-dead-letters.'
    scope: topicId
    metricNamespace: 'Microsoft.EventGrid/topics'
    metric: 'DeadLetteredCount'
    aggregation: 'Total'
    dimensions: []
  }
  {
    name: 'routing-failures'
    severity: 1
    description: 'The broker cannot hand machines\' messages to the topic: taps and payments wait on the machines.'
    scope: brokerId
    metricNamespace: 'Microsoft.EventGrid/namespaces'
    metric: 'Mqtt.FailedRoutedMessages'
    aggregation: 'Total'
    dimensions: []
  }
]

resource traceAlert 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [for alert in traceAlerts: {
  name: 'canteenpay-${environmentName}-${alert.name}'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: 'CanteenPay ${environmentName}: ${alert.name}'
    description: alert.description
    severity: alert.severity
    enabled: true
    scopes: [workspaceId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT5M'
    criteria: {
      allOf: [
        {
          query: 'AppTraces | where Message contains "${alert.looksFor}"'
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    // A line that does not come again does not mean that somebody has looked.
    autoMitigate: false
    actions: {
      actionGroups: [
        actionGroupId
      ]
    }
  }
}]

resource queryAlert 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [for alert in queryAlerts: {
  name: 'canteenpay-${environmentName}-${alert.name}'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: 'CanteenPay ${environmentName}: ${alert.name}'
    description: alert.description
    severity: alert.severity
    enabled: true
    scopes: [workspaceId]
    evaluationFrequency: alert.frequency
    windowSize: alert.window
    criteria: {
      allOf: [
        {
          query: alert.query
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    autoMitigate: true
    actions: {
      actionGroups: [
        actionGroupId
      ]
    }
  }
}]

resource metricAlert 'Microsoft.Insights/metricAlerts@2018-03-01' = [for alert in metricAlerts: {
  name: 'canteenpay-${environmentName}-${alert.name}'
  location: 'global'
  tags: tags
  properties: {
    description: alert.description
    severity: alert.severity
    enabled: true
    scopes: [
      alert.scope
    ]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: alert.name
          criterionType: 'StaticThresholdCriterion'
          metricNamespace: alert.metricNamespace
          metricName: alert.metric
          dimensions: alert.dimensions
          timeAggregation: alert.aggregation
          operator: 'GreaterThan'
          threshold: 0
        }
      ]
    }
    autoMitigate: true
    actions: [
      {
        actionGroupId: actionGroupId
      }
    ]
  }
}]

resource budget 'Microsoft.Consumption/budgets@2023-11-01' = {
  name: 'canteenpay-${environmentName}'
  properties: {
    category: 'Cost'
    amount: monthlyBudget
    timeGrain: 'Monthly'
    timePeriod: {
      startDate: budgetStart
    }
    notifications: {
      spent: {
        enabled: true
        operator: 'GreaterThan'
        threshold: 80
        thresholdType: 'Actual'
        contactEmails: []
        contactGroups: [
          actionGroupId
        ]
      }
      forecast: {
        enabled: true
        operator: 'GreaterThan'
        threshold: 100
        thresholdType: 'Forecasted'
        contactEmails: []
        contactGroups: [
          actionGroupId
        ]
      }
    }
  }
}
