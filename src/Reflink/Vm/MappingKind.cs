namespace Reflink.Vm;

/// <summary>Where stores through a mapping go.</summary>
public enum MappingKind
{
    /// <summary>To pages of the mapping's own (MAP_PRIVATE).</summary>
    Private,

    /// <summary>To the file, or to memory that children share (MAP_SHARED).</summary>
    Shared,
}
