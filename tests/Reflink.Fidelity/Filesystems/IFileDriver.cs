namespace Reflink.Fidelity.Filesystems;

/// <summary>Some open files of a filesystem, and the calls on them. One driver, three backends: the model's volume, XFS, Btrfs.</summary>
public interface IFileDriver : IDisposable
{
    /// <summary>Makes a call.</summary>
    /// <returns>What it returned, or minus the error's number; two numbers for two destinations.</returns>
    (long First, long Second) Do(in FileOp op);

    /// <summary>What a file holds now.</summary>
    FileState State(int file);
}
