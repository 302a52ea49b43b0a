namespace Reflink.Space;

/// <summary>Where a run sits in a <see cref="RunList"/>. Valid until the next insertion or removal.</summary>
internal readonly record struct RunPosition(int Chunk, int Index)
{
    /// <summary>Before the first run.</summary>
    internal static readonly RunPosition None = new(-1, 0);

    internal bool IsNone => Chunk < 0;
}
