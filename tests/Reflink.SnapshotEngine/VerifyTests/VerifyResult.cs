namespace VerifyTests;

/// <summary>What a passed verification looked at.</summary>
public sealed class VerifyResult
{
    internal VerifyResult(FilePair file) => Files = [file];

    public IReadOnlyList<FilePair> Files { get; }
}
