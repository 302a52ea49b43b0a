
namespace Reflink.Patching.Levels;

/// <summary>Which of a mapping's levels is new, and where in the file it may patch: [Start, End), byte offsets.</summary>
internal readonly record struct NewLevel(int Index, long Start, long End)
{
    /// <summary>One that may patch wherever the file has bytes.</summary>
    public static NewLevel Anywhere(int index) => new(index, 0, long.MaxValue);
}
