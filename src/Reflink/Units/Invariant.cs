using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Reflink.Units;

/// <summary>Checks of the model's own rules, on in release builds too: one condition a call.</summary>
public static class Invariant
{
    /// <summary>Throws <see cref="InvariantException"/> unless the rule holds.</summary>
    [StackTraceHidden]
    public static void Check([DoesNotReturnIf(false)] bool holds, [CallerArgumentExpression(nameof(holds))] string rule = "")
    {
        if (!holds)
        {
            Broken(rule);
        }
    }

    /// <summary>Throws <see cref="InvariantException"/>: the place should not be reached.</summary>
    [DoesNotReturn]
    [StackTraceHidden]
    public static void Broken(string rule) => throw new InvariantException(rule);
}
