using System.Text;

namespace Reflink.IO.Abstractions.Tests.Differential;

/// <summary>Programs of calls do on a volume what they do on the filesystem of this computer.</summary>
public sealed class DifferentialTests
{
    private const int Length = 50;
    private const int Programs = 400;

    [SkippableFact]
    public void Programs_get_the_results_and_exceptions_that_System_IO_gives_them()
    {
        Skip.IfNot(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "a volume does what root may do on Linux");
        using var scratch = new ScratchFolder("differential");
        var duel = Duel.WithSystem(scratch);
        var report = new StringBuilder();
        for (var seed = 1; seed <= Programs; seed++)
        {
            var program = Draw.Program(seed, Length);
            if (duel.Play(program) is { } difference)
            {
                var small = duel.Shrink(program, difference);
                report.Append($"seed {seed}, {duel.Play(small)}\n  {string.Join("\n  ", small)}\n");
            }
        }

        Assert.True(report.Length == 0, report.ToString());
    }
}
