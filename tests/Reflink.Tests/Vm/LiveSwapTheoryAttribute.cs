using Reflink.Fidelity.Reclaim.Live;

namespace Reflink.Tests.Vm;

/// <summary>A theory that needs swap of its own, and is skipped where this process may not switch it on.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LiveSwapTheoryAttribute : TheoryAttribute
{
    public LiveSwapTheoryAttribute()
    {
        using var swap = LiveSwap.Try(16, 0, default, out var why);
        Skip = swap is null ? why : null;
    }
}
