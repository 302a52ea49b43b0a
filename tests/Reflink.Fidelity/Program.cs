using Reflink.Fidelity;
using Reflink.Measuring;

return MeasuringCommand.Main("Compares Reflink's model with the live kernel.", args, [new CostsCommand().Build(), new KsmCommand().Build(), new VolumeCommand().Build()]);
