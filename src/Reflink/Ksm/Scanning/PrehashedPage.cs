namespace Reflink.Ksm.Scanning;

/// <summary>A page that is probably visited next, and the hash of its bytes. The hash is good until a byte changes: within one batch of the scanner.</summary>
internal readonly record struct PrehashedPage(BlockNumber Block, FrameNumber Frame, ulong Hash);
