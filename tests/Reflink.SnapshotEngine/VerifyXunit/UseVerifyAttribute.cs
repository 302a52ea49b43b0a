using System.Reflection;
using Xunit.Sdk;

namespace VerifyXunit;

/// <summary>Remembers which test is running; the build puts it on every test assembly.</summary>
[AttributeUsage(AttributeTargets.Assembly | AttributeTargets.Class | AttributeTargets.Method)]
public sealed class UseVerifyAttribute : BeforeAfterTestAttribute
{
    private static readonly AsyncLocal<MethodInfo?> s_test = new();

    internal static MethodInfo Test => s_test.Value
        ?? throw new InvalidOperationException("Verify was called outside a test, or the test assembly lacks [assembly: UseVerify].");

    public override void Before(MethodInfo methodUnderTest) => s_test.Value = methodUnderTest;

    public override void After(MethodInfo methodUnderTest) => s_test.Value = null;
}
