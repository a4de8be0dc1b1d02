[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

// Two stacks with two browsers at once would be a test of the machine that runs them.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
