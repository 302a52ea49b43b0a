namespace Reflink.Studies.Experiments;

/// <summary>What one step did to the cache.</summary>
/// <param name="Step">The step.</param>
/// <param name="Outcome">What there is to say of it, such as the bytes that were read; null if nothing.</param>
/// <param name="Frames">Frames that hold a page after it.</param>
/// <param name="Dirty">How many of these are dirty.</param>
/// <param name="StoreReads">Pages that it read from the store.</param>
/// <param name="StoreWrites">Pages that it wrote to the store.</param>
/// <param name="Evicted">Frames that it evicted.</param>
public sealed record StepFigures(string Step, string? Outcome, int Frames, int Dirty, long StoreReads, long StoreWrites, long Evicted);
