using Reflink.Studies.Programs;
using Reflink.Studies.Scenarios;
using Reflink.Units;

namespace Reflink.Tests.Studies.Programs;

/// <summary>Experiments that are programs: steps, values and what is told when something is wrong.</summary>
public sealed class LaboratoryTests
{
    [Fact]
    public void A_value_stays_one_word_of_a_step_whatever_is_in_it()
    {
        using var lab = Made();
        Value name = "it's \"one\" # word";
        lab.Do($"create {name}2 4K    # the rest is a comment {name}");
        lab.Do("create 'a b' 4K");

        Assert.Equal(["a b", "it's \"one\" # word2"], lab.Files.Select(file => file.ToString()));
    }

    [Fact]
    public void A_step_that_fails_names_the_line_of_the_program()
    {
        using var lab = Made();

        Assert.StartsWith("LaboratoryTests.cs:", Assert.Throws<ReflinkException>(() => lab.Do("read missing")).Reason, StringComparison.Ordinal);
        Assert.Contains("there is no step 'raed missing'", Assert.Throws<ReflinkException>(() => lab.Do("raed missing")).Reason, StringComparison.Ordinal);
        Assert.Contains("a quote that is not closed", Assert.Throws<ReflinkException>(() => lab.Do("create 'a 4K")).Reason, StringComparison.Ordinal);
        Assert.Contains("has '4X' for SIZE", Assert.Throws<ReflinkException>(() => lab.Do("create a 4X")).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_expectation_tells_its_condition_and_the_reason()
    {
        using var lab = Made();
        lab.Expect(lab["frames"] == 0);
        var failure = Assert.Throws<ReflinkException>(() => lab.Expect(lab["frames"] > 0, "something was read")).Reason;

        Assert.Equal("expected lab[\"frames\"] > 0, but it does not hold; expected because something was read", failure);
        Assert.Equal(1, lab.End().Expectations);
    }

    [Fact]
    public void What_cannot_be_measured_drawn_or_compared_is_refused()
    {
        using var lab = Made();

        Assert.Contains("did you mean frames?", Assert.Throws<ReflinkException>(() => new Laboratory(new MachineOptions(), measures: ["frame"])).Reason, StringComparison.Ordinal);
        Assert.Contains("'frame' has no value yet", Assert.Throws<ReflinkException>(() => lab["frame"]).Reason, StringComparison.Ordinal);
        Assert.Contains("weights 3, 0", Assert.Throws<ReflinkException>(() => lab.Choose(3, 0)).Reason, StringComparison.Ordinal);
        Assert.Contains("there is no option 'mechanisms'; did you mean mechanism?", Assert.Throws<ReflinkException>(() => lab.Compare(("mechanisms", "flags"))).Reason, StringComparison.Ordinal);
        Assert.Contains("'much' is no dirty", Assert.Throws<ReflinkException>(() => Laboratory.Dirty("much")).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_compute_as_formulas_do()
    {
        var size = Value.Of("64K");

        Assert.Equal("0.5 21845.333333333332 1 n65536 true", $"{size / 131072} {size / 3} {size % 3} {"n" + size} {(Value)(size == 65536.0)}");
        Assert.Equal("ff", Value.Hex(255).ToString());
        Assert.True(size.IsOneOf("x", 65536) && !size.IsOneOf("65536"));
        Assert.Equal(CacheKeying.Inode, ((Value)"inode").As<CacheKeying>());
        Assert.Equal([1L, 2L, 4L], Value.Multiples(1, 7, 2).Select(n => (long)n));
        Assert.Equal(
            [Errno.EINVAL, Errno.EINVAL, Errno.EINVAL, Errno.EINVAL, Errno.EINVAL],
            new Func<Value>[] { () => size / 0, () => size * long.MaxValue, () => size == "64K", () => !size, () => Value.Hex("64K") }.Select(compute => Assert.Throws<ReflinkException>(() => compute()).Error));
    }

    [Fact]
    public void A_kept_disk_lies_in_a_folder_that_goes_with_the_laboratory()
    {
        string folder;
        using (var lab = new Laboratory(new MachineOptions { Memory = 1 << 20, Store = Laboratory.Disk("kept") }))
        {
            lab.Do("create a 4K");
            lab.Do("sync");
            lab.Do("crash");
            folder = lab.Machine.Options.Store!.Folder;
            Assert.Equal(["a"], lab.Files.Select(file => file.ToString()));
            Assert.True(Directory.Exists(folder));
        }

        Assert.False(Directory.Exists(folder));
    }

    [Theory]
    [InlineData("steps: [create a 4K, {let: {x: 6 & 3}}]", "a.yaml:2: the operator BitwiseAnd cannot be printed as C#")]
    [InlineData("steps: [create a 4K, {let: {x: 'frames in (reads, 3)'}}]", "a.yaml:2: 'in' with a list of other things than numbers and texts cannot be printed as C#")]
    [InlineData("machine: {memory: '${random(3)}'}\nsteps: [create a 4K]", "a.yaml:2: 'memory' asks a machine that is not made yet")]
    public void What_cannot_be_written_in_CSharp_is_refused_with_its_line(string text, string refusal) =>
        Assert.StartsWith(refusal, Assert.Throws<ReflinkException>(() => Scenario.Parse($"study: a\n{text}", "a.yaml").ToCSharp()).Reason, StringComparison.Ordinal);

    private static Laboratory Made() => new(new MachineOptions { Memory = 1 << 20 });
}
