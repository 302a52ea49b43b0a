namespace Reflink.Tests.Files;

public sealed class FarPageTests
{
    [Fact]
    public void A_page_more_than_two_to_the_31_before_the_first_extent_is_a_hole()
    {
        using var machine = new Machine();
        using var file = machine.Volume.Create("/f");
        file.Write(1L << 50, "x"u8);
        var bytes = new byte[1];

        Assert.Equal(1, file.Read(0, bytes));
        Assert.Equal([0], bytes);
        Assert.Single(machine.Volume.Extents("/f"));
    }
}
