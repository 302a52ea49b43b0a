namespace VerifyTests;

/// <summary>What a passed verification looked at.</summary>
public sealed class VerifyResult
{
    internal VerifyResult(FilePair file) => Files = [file.VerifiedPath];

    /// <summary>The paths of the verified files.</summary>
    public IEnumerable<string> Files { get; }
}
