using Reflink.Units;

namespace Reflink.Patching;

/// <summary>Why an overlay does not fit one mapping.</summary>
/// <param name="Process">Whose mapping.</param>
/// <param name="Address">Where it begins.</param>
/// <param name="Reason">What is wrong.</param>
public readonly record struct OverlayConflict(ProcessId Process, long Address, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => $"process {Process} at {Address:x}: {Reason}";
}
