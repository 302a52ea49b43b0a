using Reflink.Benchmarks;
using Reflink.Benchmarks.Derived;
using Reflink.Benchmarks.Growing;
using Reflink.Benchmarks.Merging;
using Reflink.Measuring;

if (args is [PatchWorker.Argument])
{
    return PatchWorker.Run();
}

if (args is [MergeWorker.Argument])
{
    return MergeWorker.Run();
}

return MeasuringCommand.Main("Measures Reflink beside its peers, interleaved.", args, new CloneCommand(), new KsmCommand(), new PatchCommand(), new SizeCommand(), new CacheCommand(), new PressureCommand(), new SmapsCommand(), new ReplayCommand(), new DeriveCommand(), new GrowthCommand());
