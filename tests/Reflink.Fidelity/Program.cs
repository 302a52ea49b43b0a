using Reflink.Fidelity;
using Reflink.Fidelity.Reclaim;
using Reflink.Measuring;

return MeasuringCommand.Main("Compares Reflink's model with the kernel, live or recorded.", args, [new CostsCommand().Build(), new KsmCommand().Build(), new PoliciesCommand().Build(), new ReclaimCommand().Build(), new VolumeCommand().Build()]);
