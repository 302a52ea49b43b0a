using Reflink.Benchmarks;
using Reflink.Measuring;

if (args is [PatchWorker.Argument])
{
    return PatchWorker.Run();
}

return MeasuringCommand.Main("Measures Reflink beside its peers, interleaved.", args, new CloneCommand(), new PatchCommand(), new SizeCommand(), new CacheCommand());
