namespace Reflink.Samples;

/// <summary>Registers <see cref="MruPolicy"/> and reads a file in a loop that is larger than memory, beside LRU, which then never hits.</summary>
public static class OwnPolicy
{
    /// <summary>Runs it.</summary>
    /// <param name="output">Where to print.</param>
    public static void Run(TextWriter output)
    {
        if (!ReplacementPolicies.Names.Contains("mru"))
        {
            ReplacementPolicies.Register("mru", _ => new MruPolicy());
        }

        foreach (var policy in new[] { "lru", "mru" })
        {
            using var machine = new Machine(new MachineOptions { Memory = 100 * Page.Size, Policy = policy });
            using var file = machine.Volume.Create("/loop");
            file.Write(0, new byte[120 * Page.Size]);
            machine.DropCaches();
            var (before, _) = machine.StoreCalls;
            var page = new byte[Page.Size];
            for (var access = 0; access < 1_200; access++)
            {
                file.Read(access % 120 * Page.Size, page);
            }

            output.WriteLine($"{policy}: {machine.StoreCalls.Reads - before:N0} of 1,200 reads miss");
        }
    }
}
