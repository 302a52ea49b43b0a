namespace Reflink.Vm;

/// <summary>What a stratum above laid over a mapping. fork copies the reference, exec drops it; neighbours become one mapping only if they have the same.</summary>
internal interface IMappingLevels;
