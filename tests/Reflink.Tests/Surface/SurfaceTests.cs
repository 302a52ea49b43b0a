namespace Reflink.Tests.Surface;

/// <summary>What the library shows is a reviewed file: whoever changes it sees what users will see.</summary>
public sealed class SurfaceTests
{
    [Fact]
    public Task Every_public_type_and_member_of_the_library() => Verify(SurfaceText.Of(typeof(Machine).Assembly));
}
