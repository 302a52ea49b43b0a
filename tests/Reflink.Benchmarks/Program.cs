using Reflink.Benchmarks;
using Reflink.Measuring;

return MeasuringCommand.Main("Measures Reflink beside its peers, interleaved.", args, new CloneCommand());
