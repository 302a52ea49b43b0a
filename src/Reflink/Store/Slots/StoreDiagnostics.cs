namespace Reflink.Store.Slots;

/// <summary>
/// What FASTER does to files, in bytes: it says how well the store's memory serves, and depends on FASTER's own ways, so no
/// snapshot has it. All zero for a store in memory.
/// </summary>
/// <param name="DeviceReads">Bytes read from the files so far, those that compaction reads included.</param>
/// <param name="DeviceWrites">Bytes written to the files so far, those that compaction moves included.</param>
/// <param name="OnDisk">Bytes that the files take now.</param>
public readonly record struct StoreDiagnostics(long DeviceReads, long DeviceWrites, long OnDisk);
