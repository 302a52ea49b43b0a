using Reflink.Cli.Tests.Made;
using Reflink.Elf;
using Reflink.Studies.Comparison;
using Reflink.Studies.Comparison.Mechanisms;

namespace Reflink.Cli.Tests;

/// <summary>Flags and branches: the table of tracepoints becomes private, the text does not.</summary>
public sealed class FlagsTests
{
    private const int Processes = 5;
    private readonly ElfFile _elf = TestElf.Make(0x3000, (0x1000, 0x3000));

    [Theory]

    // 56 bytes a record: the 73rd begins in the first page and has its state in the first, the 74th is the second page's.
    [InlineData(1, 1)]
    [InlineData(74, 2)]
    [InlineData(73, 1)]
    [InlineData(800, 11)]
    public void Every_page_of_the_table_becomes_private_and_stays_so(int sites, int pages)
    {
        var figures = Run(PatchChoice.All(Sites(sites)));
        var tablePages = ((sites * 56) + 4095) / 4096;

        Assert.Equal(Processes * pages, figures.PatchedFrames);
        Assert.Equal(Processes * pages, figures.PrivateFrames);
        Assert.Equal(Processes * pages, figures.FramesAfterRevert);
        Assert.Equal(Processes * pages * 4096, figures.PrivateDirtyBytes);
        Assert.Equal(2, figures.VmasPerProcess);
        Assert.Equal((2 + tablePages) * 4096, figures.PssBytesBefore);
        Assert.Equal((2 + (Processes * pages) + tablePages - pages) * 4096, figures.PssBytes);
        Assert.Equal(0, figures.FramesAfterExit);
    }

    /// <summary>A tenth of 730 sites: numbers 0 to 72 are in page 0, 365 to 437 in pages 4 and 5.</summary>
    [Fact]
    public void Only_pages_with_raised_flags_become_private() =>
        Assert.Equal((3 * 1) + (2 * 2), Run(PatchChoice.Consecutive(Sites(730), 2)).PrivateFrames);

    [Fact]
    public void A_text_that_changes_is_found()
    {
        var comparison = new PatchComparison(new ComparisonPlan(_elf, Sites(3), 1, 1), [() => new Both()]);

        Assert.Equal(0x1000, Assert.Throws<MismatchException>(() => comparison.Run()).Offset);
    }

    private MechanismFigures Run(PatchChoice choice)
    {
        var result = new PatchComparison(new ComparisonPlan(_elf, choice, Processes, 2), [() => new FlagsMechanism()]).Run();
        result.RequireAgreement();
        return result.Mechanisms[0];
    }

    private PatchSet Sites(int count)
    {
        var builder = new PatchSetBuilder();
        for (var i = 0; i < count; i++)
        {
            builder.Add(0x1000 + i, _elf.Read(0x1000 + i, 1), [(byte)(_elf.Read(0x1000 + i, 1)[0] ^ 0xff)]);
        }

        return builder.Build();
    }

    // Flags whose text is patched nevertheless.
    private sealed class Both : IMechanism
    {
        private readonly IMechanism _flags = new FlagsMechanism();

        public string Name => "both";

        public MechanismScope Scope => MechanismScope.Process;

        public long FramesNeeded(ComparisonPlan plan) => _flags.FramesNeeded(plan);

        public long FramesExpected(ComparisonPlan plan) => _flags.FramesExpected(plan);

        public void Install(Bench bench) => _flags.Install(bench);

        public IReadOnlyList<Region> Start(Bench bench, PatchedProcess process) => _flags.Start(bench, process);

        public void Apply(Bench bench, PatchedProcess process)
        {
            _flags.Apply(bench, process);
            new PrivateMechanism().Apply(bench, process);
        }

        public void Revert(Bench bench, PatchedProcess process) => _flags.Revert(bench, process);
    }
}
