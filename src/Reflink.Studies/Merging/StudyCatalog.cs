namespace Reflink.Studies.Merging;

/// <summary>Every study of merging. A new one is its file and a line here.</summary>
public static class StudyCatalog
{
    /// <summary>The studies.</summary>
    public static IReadOnlyList<IMergingStudy> All { get; } =
    [
        new StarvationStudy(),
        new CodePatchingStudy(),
        new VmFleetStudy(),
        new PartitionsStudy(),
        new CowStormStudy(),
        new SensitiveStudy(),
        new AttackStudy(),
    ];
}
