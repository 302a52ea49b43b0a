using Reflink.Elf.Tests.Made;
using Reflink.Patching.Sets;
using Reflink.Units;

namespace Reflink.Elf.Tests;

/// <summary>Which sites take a five-byte jump, in files made for it; the code is no-ops unless a test writes something else.</summary>
public sealed class JumpPatchTests
{
    private const long Code = MadeElf.TextOffset;
    private const ulong Text = MadeElf.TextAddress;

    // The image is mapped from 0x10000 to the end of the code at 0x12400, and so takes three pages.
    private static readonly byte[] s_jump = [0xe9, 0xfb, 0x2f, 0, 0];

    [Fact]
    public void Whole_instructions_are_replaced_and_what_is_left_becomes_no_ops()
    {
        // nop; push %rbp; mov %rsp,%rbp; mov $1,%eax
        var elf = Made((0, [0x90, 0x55, 0x48, 0x89, 0xe5, 0xb8, 1, 0, 0, 0]), (0x20, [0x55, 0x48, 0x81, 0xec, 0, 1, 0, 0]));
        var plan = JumpPatch.Plan(elf, [new(Code + 0x20, 8, "frame"), new(Code, 1, "probe")]);

        Assert.Empty(plan.Misfits);
        Assert.Equal(["probe", "frame"], plan.Taken.Select(site => site.Name));
        Assert.Equal(new PatchTarget("made", null, elf.Size, elf.Content), plan.Patches.Target);
        Assert.Equal([0x90, 0x55, 0x48, 0x89, 0xe5], plan.Patches.Old(0).ToArray());
        Assert.Equal(s_jump, plan.Patches.New(0).ToArray());
        Assert.Equal([0x55, 0x48, 0x81, 0xec, 0, 1, 0, 0], plan.Patches.Old(1).ToArray());
        Assert.Equal([.. s_jump, 0x90, 0x90, 0x90], plan.Patches.New(1).ToArray());
        Assert.Equal(0x3000, JumpPatch.Distance(elf));
        Assert.Same(plan.Patches, plan.RequireAll());
    }

    [Theory]
    [InlineData("call", 0xe8, 0, 0, 0, 0)]
    [InlineData("jmp", 0xeb, 0x30)]
    [InlineData("je", 0x74, 0x30)]
    [InlineData("ret", 0xc3)]
    [InlineData("jmp", 0xff, 0xe0)]
    [InlineData("call", 0xff, 0xd0)]
    [InlineData("int3", 0xcc)]
    [InlineData("ud2", 0x0f, 0x0b)]
    [InlineData("syscall", 0x0f, 0x05)]
    [InlineData("loop", 0xe2, 0x30)]
    public void Control_flow_is_not_replaced(string mnemonic, params int[] instruction)
    {
        byte[] bytes = [.. instruction.Select(b => (byte)b)];

        // As the first, as the last of what would be replaced, and behind it.
        Assert.Equal($"{mnemonic} inside the 5 bytes", Misfit(Made((0, bytes))).Reason);
        Assert.Equal((SiteObstacle.ControlFlow, $"{mnemonic} inside the 5 bytes"), Kind(Misfit(Made((4, bytes)))));
        Assert.Empty(JumpPatch.Plan(Made((5, bytes)), [new(Code, 1)]).Misfits);
    }

    [Theory]
    [InlineData(0x10, 0xeb, -0x12, null)]
    [InlineData(0x10, 0xeb, -0x11, "1 byte inside")]
    [InlineData(0x10, 0x74, -0x0e, "4 bytes inside")]
    [InlineData(0x10, 0x74, -0x0d, null)]
    [InlineData(0x10, 0xe2, -0x10, "2 bytes inside")]
    [InlineData(0x10, 0xc7, -0x10, null)]
    public void A_branch_to_the_middle_is_found_wherever_it_is(int at, byte opcode, sbyte distance, string? where)
    {
        var plan = JumpPatch.Plan(Made((at, [opcode, unchecked((byte)distance)])), [new(Code, 1, "probe")]);

        Assert.Equal(where is null ? [] : [(SiteObstacle.BranchTarget, $"branch target {where}, from 0x1010")], plan.Misfits.Select(Kind));
    }

    [Fact]
    public void A_far_call_to_the_middle_counts_and_one_inside_another_instruction_does_not()
    {
        byte[] call = [0xe8, .. BitConverter.GetBytes(3 - 0x205)];

        Assert.Equal("branch target 3 bytes inside, from 0x1200", Misfit(Made((0x200, call))).Reason);
        Assert.Empty(JumpPatch.Plan(Made((0x1fe, [0x48, 0xb8, .. call, 0, 0, 0])), [new(Code, 1)]).Misfits);
    }

    /// <summary>Bytes in front of a function that swallow its first instruction hide its branches unless the sweep begins anew there.</summary>
    [Fact]
    public void A_function_puts_the_sweep_in_step_again()
    {
        (int, byte[])[] code = [(0x1ff, [0xb8, 0xeb, 0xfe]), (0x200, [0xe9, .. BitConverter.GetBytes(2 - 0x205)])];

        Assert.Empty(JumpPatch.Plan(Made(code), [new(Code, 1)]).Misfits);
        Assert.Equal("branch target 2 bytes inside, from 0x1200", Misfit(Made(code, new MadeSymbol("f", Text + 0x200, 0x10))).Reason);
    }

    [Theory]
    [InlineData(5, null)]
    [InlineData(4, "leaves the segment")]
    [InlineData(1, "leaves the segment")]
    public void A_jump_ends_in_the_segment(int room, string? reason) => Assert.Equal(
        reason is null ? [] : [(SiteObstacle.TooShort, reason)], JumpPatch.Plan(Made(), [new(Code + MadeElf.TextSize - room, 1)]).Misfits.Select(Kind));

    [Fact]
    public void An_instruction_that_the_segment_cuts_off_leaves_it() => Assert.Equal(
        (SiteObstacle.TooShort, "leaves the segment"),
        Kind(Assert.Single(JumpPatch.Plan(Made((MadeElf.TextSize - 6, [0x90, 0x90, 0x48, 0xb8])), [new(Code + MadeElf.TextSize - 6, 1)]).Misfits)));

    [Fact]
    public void A_jump_ends_in_the_section_of_code()
    {
        var made = new MadeElf { TextIsCode = true };

        // Behind .text, which ends where .plt begins, lies other code.
        Assert.Equal("leaves the section .text", Assert.Single(JumpPatch.Plan(Elf(made), [new(Code + 0x3bd, 1), new(Code + 0x3b0, 1), new(Code + 0x3c0, 1)]).Misfits).Reason);
    }

    [Theory]
    [InlineData(3, 0x10, "runs into the function next at 0x1010", 0x0d)]
    [InlineData(5, 0x10, null, 0x0b)]
    [InlineData(9, 0x0a, "leaves the function one", 0x07)]
    public void A_jump_ends_in_the_function(int _, int size, string? reason, int at)
    {
        var elf = Made([], new MadeSymbol("one", Text, (ulong)size), new MadeSymbol("next", Text + 0x10, 0x10));

        Assert.Equal(reason is null ? [] : [reason], JumpPatch.Plan(elf, [new(Code + at, 1)]).Misfits.Select(misfit => misfit.Reason));
    }

    [Fact]
    public void Bytes_that_are_no_instruction_are_refused() =>
        Assert.Equal((SiteObstacle.Undecodable, "undecodable 2 bytes inside"), Kind(Misfit(Made((2, [0x06])))));

    [Theory]
    [InlineData(0xfff)]
    [InlineData(0x1400)]
    [InlineData(-1)]
    [InlineData(1L << 60)]
    public void What_is_no_code_is_refused(long offset)
    {
        var plan = JumpPatch.Plan(Made(), [new(offset, 1)]);

        Assert.Equal((SiteObstacle.NoCode, "is not code"), Kind(Assert.Single(plan.Misfits)));
        Assert.Equal(0, plan.Patches.Count);
    }

    /// <summary>As the entry and the return probe of GetVersion in libjvm, one byte apart.</summary>
    [Fact]
    public void Of_two_that_overlap_the_earlier_stays_whatever_the_order()
    {
        Site[] sites = [new(Code + 0x11, 1, "return"), new(Code + 0x14, 1), new(Code + 0x10, 1, "entry"), new(Code + 0x15, 1, "last")];
        var plan = JumpPatch.Plan(Made(), sites);

        Assert.Equal(["entry", "last"], plan.Taken.Select(site => site.Name));
        Assert.Equal(
            ["0x1011 (return): overlaps the patch of entry at 0x1010", "0x1014: overlaps the patch of entry at 0x1010"],
            plan.Misfits.Select(misfit => misfit.ToString()));
        Assert.All(plan.Misfits, misfit => Assert.Equal(SiteObstacle.Overlap, misfit.Obstacle));
        var refused = Assert.Throws<ReflinkException>(() => plan.RequireAll());
        Assert.Equal(Errno.EINVAL, refused.Error);
        Assert.Contains("2 of 4 sites of 'made' take no jump", refused.Message, StringComparison.Ordinal);
        Assert.Contains("\n  0x1014: overlaps", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_does_not_fit_is_in_nobodys_way()
    {
        // The first would replace a return; the second begins behind it.
        var plan = JumpPatch.Plan(Made((0, [0xc3])), [new(Code, 1, "first"), new(Code + 1, 1, "second")]);

        Assert.Equal("second", Assert.Single(plan.Taken).Name);
    }

    [Fact]
    public void Two_names_of_one_place_are_one_jump()
    {
        var plan = JumpPatch.Plan(Made(), [new(Code, 1, "b"), new(Code, 1, "a")]);

        Assert.Equal((2, 1), (plan.Taken.Count, plan.Patches.Count));
    }

    /// <summary>Two pages of code: sites whose five bytes lie on both.</summary>
    [Fact]
    public void A_jump_across_a_page_is_one_patch_on_two_pages()
    {
        var bytes = new byte[0x3000];
        bytes.AsSpan(0x1000).Fill(0x90);
        var plan = JumpPatch.Plan(Flat.Elf(bytes, 0x1000), [new(0x1ffd, 1, "crosses"), new(0x2010, 1)]);

        Assert.Equal((2, 2), (plan.Patches.Count, plan.Patches.CountPages()));
        Assert.Equal(0x1ffd, plan.Patches.Offset(0));
    }

    [Fact]
    public void An_image_too_large_to_jump_over_is_refused() =>
        Expect.NotUsable(() => JumpPatch.Plan(Flat.Elf(new byte[0x2000], 0x1000, memory: 0x8000_0000), [new(0x1000, 1)]), "take int3");

    private static SiteMisfit Misfit(ElfFile elf) => Assert.Single(JumpPatch.Plan(elf, [new(Code, 1)]).Misfits);

    private static (SiteObstacle, string) Kind(SiteMisfit misfit) => (misfit.Obstacle, misfit.Reason);

    private static ElfFile Made(params (int At, byte[] Bytes)[] code) => Made(code, []);

    private static ElfFile Made((int At, byte[] Bytes)[] code, params MadeSymbol[] symbols)
    {
        var made = new MadeElf();
        made.Symbols.AddRange(symbols);
        foreach (var (at, bytes) in code)
        {
            bytes.CopyTo(made.Text, at);
        }

        return Elf(made);
    }

    private static ElfFile Elf(MadeElf made) => ElfFile.FromBytes("made", made.Build());
}
