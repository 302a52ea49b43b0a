namespace Reflink.Patching.Levels;

/// <summary>The number of a new level, and the range of file offsets that it may patch, [Start, End).</summary>
internal readonly record struct NewLevel(int Index, long Start, long End)
{
    /// <summary>A new level that may patch any byte of the file.</summary>
    public static NewLevel Anywhere(int index) => new(index, 0, long.MaxValue);
}
