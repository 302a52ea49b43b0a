using Reflink.Units;

namespace Reflink.Elf.Tests;

internal static class Expect
{
    /// <summary>The failure must be ENOEXEC, name the file and say this.</summary>
    public static void NotUsable(Action action, string part)
    {
        var failure = Assert.Throws<ReflinkException>(action);
        Assert.Equal(Errno.ENOEXEC, failure.Error);
        Assert.Contains("'made'", failure.Message, StringComparison.Ordinal);
        Assert.Contains(part, failure.Message, StringComparison.Ordinal);
    }
}
