namespace Reflink.Patching;

/// <summary>An overlay was refused as a whole, because mappings are in its way; every one is listed.</summary>
public sealed class OverlayRefusedException : ReflinkException
{
    internal OverlayRefusedException(string what, IReadOnlyList<OverlayConflict> conflicts)
        : base(Errno.EBUSY, $"{what} conflicts with {conflicts.Count} live {(conflicts.Count == 1 ? "mapping" : "mappings")}, so none was changed; revert what is named\n  {string.Join("\n  ", conflicts)}") =>
        Conflicts = conflicts;

    /// <summary>What is in the way, by process and address.</summary>
    public IReadOnlyList<OverlayConflict> Conflicts { get; }
}
