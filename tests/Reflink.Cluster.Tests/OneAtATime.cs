// Each test starts several processes, which take all cores.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
