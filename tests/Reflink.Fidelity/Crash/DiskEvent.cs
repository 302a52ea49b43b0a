namespace Reflink.Fidelity.Crash;

/// <summary>One thing that was done to a disk: to which file, where (or with what size), with what bytes.</summary>
internal sealed record DiskEvent(DiskAct Act, string File, long At, byte[] Bytes);
