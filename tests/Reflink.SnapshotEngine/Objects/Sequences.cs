using System.Collections;

namespace Reflink.SnapshotEngine.Objects;

/// <summary>Lists and the like.</summary>
internal static class Sequences
{
    /// <summary>Verify leaves empty collections out wherever they occur below the root.</summary>
    public static bool IsEmpty(object? value) => value is IEnumerable items and not string && !items.Cast<object?>().Any();

    /// <summary>Refuses what Verify does not write as a list of its elements.</summary>
    public static void Check(IEnumerable items)
    {
        var type = items.GetType();
        var readOnlyDictionary = Array.Exists(
            type.GetInterfaces(), i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>));
        if (items is byte[] || readOnlyDictionary || (items is Array { Rank: > 1 }))
        {
            throw Scalars.Refusal($"a {type.Name}");
        }
    }
}
