namespace Reflink.Studies.Comparison;

/// <summary>
/// One way to get patches into the text of running processes. An instance serves one machine, so it may keep what it made there.
/// </summary>
public interface IMechanism
{
    /// <summary>The name in reports and on the command line.</summary>
    string Name { get; }

    /// <summary>Who runs patched code when one process asks for it.</summary>
    MechanismScope Scope { get; }

    /// <summary>Frames that it needs at the most, the file's own cached once among them; the ample machine has more.</summary>
    long FramesNeeded(ComparisonPlan plan);

    /// <summary>Does what is done once, before the first process is patched.</summary>
    void Prepare(Bench bench);

    /// <summary>Patches one mapping of one process.</summary>
    void Apply(Bench bench, TextMapping mapping);

    /// <summary>Takes the patches out of one mapping again, and after the last one what was prepared.</summary>
    void Revert(Bench bench, TextMapping mapping);
}
