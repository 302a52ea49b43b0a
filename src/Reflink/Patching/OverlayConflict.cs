namespace Reflink.Patching;

/// <summary>Why an overlay does not fit one mapping.</summary>
/// <param name="Process">The process whose mapping it is.</param>
/// <param name="Address">The address where the mapping begins.</param>
/// <param name="Reason">What is wrong.</param>
public readonly record struct OverlayConflict(ProcessId Process, long Address, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => $"process {Process} at {Address:x}: {Reason}";
}
