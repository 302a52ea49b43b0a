namespace Reflink.Patching.Sets;

/// <summary>The file that a patch set was made for. The build-id, the size and the content identify it; the name is only a hint.</summary>
/// <remarks>
/// A machine, which knows no ELF, compares the size and all old bytes; whoever has the file compares the rest, as <c>patch check</c> does.
/// </remarks>
/// <param name="FileName">Where the file was seen, or null.</param>
/// <param name="BuildId">The GNU build-id in hexadecimal, or null where the file has none.</param>
/// <param name="FileSize">The file's length in bytes, or null if unknown.</param>
/// <param name="Content">SHA-256 of the whole file in hexadecimal, or null if unknown.</param>
public sealed record PatchTarget(string? FileName = null, string? BuildId = null, long? FileSize = null, string? Content = null)
{
    private const int ContentDigits = 64;

    /// <summary>A target of which nothing is known.</summary>
    public static PatchTarget Unknown { get; } = new();

    /// <summary>What is wrong with the target, or null: the text format must be able to carry every value on one line.</summary>
    internal string? Problem() =>
        FileName is not null && !PlainText.IsPlain(FileName) ? PlainText.NotPlain("file name")
        : BuildId is not null && !PlainText.IsHex(BuildId) ? $"the build-id '{BuildId}' is not whole bytes in hexadecimal"
        : Content is not null && (Content.Length != ContentDigits || !PlainText.IsHex(Content)) ? $"the content '{Content}' is no SHA-256 in hexadecimal"
        : FileSize < 0 ? $"the file size {FileSize} is negative"
        : null;
}
