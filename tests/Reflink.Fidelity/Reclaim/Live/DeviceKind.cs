namespace Reflink.Fidelity.Reclaim.Live;

/// <summary>What the file of a trace lies on, and what anonymous pages are swapped to.</summary>
public enum DeviceKind
{
    /// <summary>
    /// A device of compressed memory (zram). A transfer is done when it is begun, nothing waits, and no other task runs between two accesses,
    /// so runs can be repeated. An anonymous page that is read back gives its place in swap up, so it is written again when it leaves.
    /// </summary>
    Memory,

    /// <summary>
    /// A loop device over a file. Another thread does the transfers while reclaim goes on, so runs differ. An anonymous page that is read
    /// back keeps its place in swap while it is clean.
    /// </summary>
    File,
}
