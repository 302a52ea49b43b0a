using System.Globalization;
using Reflink.Fidelity;
using Reflink.Fidelity.Crash;
using Reflink.Measuring;

return args is [KillRun.ChildName, var folder, var seed]
    ? KillRun.Child(folder, int.Parse(seed, CultureInfo.InvariantCulture))
    : MeasuringCommand.Main(
        "Compares Reflink's model with the live kernel, and crashes its volumes.", args,
        [new CostsCommand().Build(), new KsmCommand().Build(), new CrashCommand().Build()]);
