using System.Globalization;
using Reflink.Files;

namespace Reflink.Fidelity.Filesystems;

/// <summary>One call of a script, as data: any part of a script is a script.</summary>
/// <param name="Verb">The call.</param>
/// <param name="File">The file it is made on, by number.</param>
/// <param name="Offset">Where, in bytes.</param>
/// <param name="Length">How many bytes.</param>
/// <param name="Other">The other file, for calls with two.</param>
/// <param name="OtherOffset">Where in it.</param>
/// <param name="Value">The byte that is written, or fallocate's mode.</param>
public readonly record struct FileOp(
    FileVerb Verb, int File, long Offset, long Length = 0, int Other = 0, long OtherOffset = 0, int Value = 0)
{
    /// <summary>fallocate's mode.</summary>
    public FallocateMode Mode => (FallocateMode)Value;

    /// <summary>How a reader sees it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Verb} f{File} {Arguments()}");

    private string Arguments() => Verb switch
    {
        FileVerb.Write => string.Create(CultureInfo.InvariantCulture, $"[{Offset},+{Length}) = {Value}"),
        FileVerb.Fallocate => string.Create(CultureInfo.InvariantCulture, $"{Mode} [{Offset},+{Length})"),
        FileVerb.Truncate or FileVerb.Seek => string.Create(CultureInfo.InvariantCulture, $"{Offset}"),
        FileVerb.Clone => string.Create(CultureInfo.InvariantCulture, $"from f{Other}"),
        FileVerb.Dedupe => string.Create(CultureInfo.InvariantCulture, $"[{Offset},+{Length}) into f{Other} at {OtherOffset} and itself at {OtherOffset}"),
        FileVerb.Sync => "",
        _ => string.Create(CultureInfo.InvariantCulture, $"[{Offset},+{Length}) from f{Other} at {OtherOffset}"),
    };
}
