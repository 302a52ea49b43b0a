namespace Reflink.Studies.Merging;

/// <summary>A question about merging, answered by running machines: the same options, the same answer.</summary>
public interface IMergingStudy
{
    /// <summary>The name on the command line.</summary>
    string Name { get; }

    /// <summary>What it shows, in a sentence.</summary>
    string Does { get; }

    /// <summary>What can be set.</summary>
    IReadOnlyList<StudyOption> Options { get; }

    /// <summary>Runs it.</summary>
    /// <param name="options">A value for each option.</param>
    /// <param name="cancel">Checked between machines, and within those that take long.</param>
    /// <exception cref="ReflinkException">EINVAL: options that do not go together. ENOMEM: this host cannot hold the machine.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; nothing is left behind.</exception>
    StudyResult Run(StudyOptions options, CancellationToken cancel);
}
