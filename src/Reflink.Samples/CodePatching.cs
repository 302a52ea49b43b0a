using Reflink.Elf;
using Reflink.Studies.Comparison;
using Reflink.Studies.Comparison.Mechanisms;

namespace Reflink.Samples;

/// <summary>A comparison of designs for patching code, on a binary of yours: breakpoints on all of its functions in 20 processes of 4 users.</summary>
public static class CodePatching
{
    private static readonly string[] s_designs = ["private", "private+ksm", "copied-file", "text-poke"];

    /// <summary>Runs it.</summary>
    /// <param name="output">Where to print.</param>
    /// <param name="arguments">The binary; without one, the .NET runtime's own.</param>
    public static void Run(TextWriter output, string[] arguments)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(arguments);
        var elf = ElfFile.Open(arguments is [var path, ..] ? path : DefaultBinary.Find());
        var patches = BreakpointPatch.Plan(elf, SiteFinder.Find(elf, SiteKind.Functions)).Patches;
        var plan = new ComparisonPlan(elf, patches, processes: 20, users: 4);
        var result = new PatchComparison(plan, [.. s_designs.Select(MechanismCatalog.Find)]).Run();

        output.WriteLine($"{elf.Path}: {patches.Count:N0} breakpoints on {result.PatchedPages:N0} pages");
        output.WriteLine($"{"design",-14} {"frames",8} {"of these private",17} {"left after exit",16}");
        foreach (var design in result.Mechanisms)
        {
            output.WriteLine($"{design.Name,-14} {design.PatchedFrames,8:N0} {design.PrivateFrames,17:N0} {design.FramesAfterExit,16:N0}");
        }
    }
}
