namespace Reflink.Patching;

/// <summary>The file that a patch set was made for. The build-id and the size identify it; the name is only a hint.</summary>
/// <param name="FileName">Where the file was seen, or null.</param>
/// <param name="BuildId">The GNU build-id in hexadecimal, or null where the file has none.</param>
/// <param name="FileSize">The file's length in bytes, or null if unknown.</param>
public sealed record PatchTarget(string? FileName = null, string? BuildId = null, long? FileSize = null)
{
    /// <summary>A target of which nothing is known.</summary>
    public static PatchTarget Unknown { get; } = new();

    /// <summary>What is wrong with the target, or null: the text format must be able to carry every value on one line.</summary>
    internal string? Problem() =>
        FileName is not null && !PatchText.IsPlain(FileName) ? PatchText.NotPlain("file name")
        : BuildId is not null && !PatchText.IsHex(BuildId) ? $"the build-id '{BuildId}' is not whole bytes in hexadecimal"
        : FileSize < 0 ? $"the file size {FileSize} is negative"
        : null;
}
