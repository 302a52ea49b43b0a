using System.Buffers.Binary;
using Reflink.Units;

namespace Reflink.Studies.Comparison.Mechanisms;

/// <summary>
/// No patching of code at all: a variable and a branch at every tracepoint. Every process maps the program's table of tracepoints
/// private and writable, and stores to those words that it raises; the text stays as it is.
/// </summary>
/// <remarks>
/// A record is LTTng-UST's <c>struct lttng_ust_tracepoint</c> up to release 2.12: 8 bytes name, 4 bytes state and 4 of padding, three
/// pointers, 16 bytes reserved. Raising and lowering are plain stores, without a system call.
/// </remarks>
public sealed class FlagsMechanism : IMechanism
{
    internal const string TablePath = "/tracepoints";
    private const int RecordSize = 56;
    private const int StateOffset = 8;
    private const int Raised = 1;

    private readonly Dictionary<PatchProfile, FlatCopy> _tables = [];
    private readonly Dictionary<PatchedProcess, Region> _regions = [];

    /// <inheritdoc/>
    public string Name => "flags";

    /// <inheritdoc/>
    public string Caveat => "change data, not text: every pass through a tracepoint loads its variable and branches, also while it is off";

    /// <inheritdoc/>
    public MechanismScope Scope => MechanismScope.Process;

    /// <inheritdoc/>
    public long FramesNeeded(ComparisonPlan plan) => plan.FilePages + TablePages(plan).Length + FramesExpected(plan);

    /// <inheritdoc/>
    public long FramesExpected(ComparisonPlan plan) =>
        plan.Profiles.Sum(profile => (long)profile.Processes * PageVersion.Of(Flags(plan, profile)).Count);

    /// <inheritdoc/>
    public void Install(Bench bench)
    {
        // The branches belong to the program and are in its text already; what the model adds is their data.
        bench.Install(TablePath, BytesOf(bench.Plan));
        foreach (var profile in bench.Plan.Profiles)
        {
            _tables.Add(profile, TableOf(bench.Plan, profile));
        }
    }

    /// <summary>The table of a program, all tracepoints off.</summary>
    internal static byte[] BytesOf(ComparisonPlan plan)
    {
        var table = new byte[plan.Patches.Count * RecordSize];
        for (var i = 0; i < plan.Patches.Count; i++)
        {
            // Where the record has a pointer to the tracepoint's name.
            BinaryPrimitives.WriteInt64LittleEndian(table.AsSpan(i * RecordSize), plan.Patches.Offset(i));
        }

        return table;
    }

    /// <summary>What processes with a profile must find in their tables.</summary>
    internal static FlatCopy TableOf(ComparisonPlan plan, PatchProfile profile) => new FlatCopy(TablePages(plan), BytesOf(plan)).With(Flags(plan, profile));

    /// <inheritdoc/>
    public IReadOnlyList<Region> Start(Bench bench, PatchedProcess process)
    {
        var table = _tables[process.Profile];
        using var file = bench.Machine.Volume.Open(TablePath);
        var address = process.Process.Memory.Map(file, 0, table.Length, Protection.ReadWrite);
        _regions.Add(process, new Region(process.Process, address, TablePath, table));
        return [.. process.TextRegions.Zip(bench.Plan.Texts, (mapped, text) => mapped with { Bytes = text }), _regions[process]];
    }

    /// <inheritdoc/>
    public void Apply(Bench bench, PatchedProcess process)
    {
        var (flags, address) = (_regions[process].Bytes.Changes, _regions[process].Address);
        for (var i = 0; i < flags.Count; i++)
        {
            process.Process.Memory.Store(address + flags.Offset(i), flags.New(i));
        }
    }

    /// <inheritdoc/>
    public void Revert(Bench bench, PatchedProcess process)
    {
        var (flags, address) = (_regions[process].Bytes.Changes, _regions[process].Address);
        for (var i = 0; i < flags.Count; i++)
        {
            process.Process.Memory.Store(address + flags.Offset(i), flags.Old(i));
        }
    }

    private static PageRange TablePages(ComparisonPlan plan) => new(default, Page.CountFor((long)plan.Patches.Count * RecordSize));

    // The state words of a profile's sites; both lists are sorted by offset, and one holds the other.
    private static PatchSet Flags(ComparisonPlan plan, PatchProfile profile)
    {
        Span<byte> raised = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(raised, Raised);
        var builder = new PatchSetBuilder();
        var site = 0;
        for (var i = 0; i < profile.Patches.Count; i++, site++)
        {
            while (plan.Patches.Offset(site) != profile.Patches.Offset(i))
            {
                site++;
            }

            builder.Add(((long)site * RecordSize) + StateOffset, [0, 0, 0, 0], raised);
        }

        return builder.Build();
    }
}
