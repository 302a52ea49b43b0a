using Reflink.Patching.Sets;
using Reflink.Vm;

namespace Reflink.Tests.Stories;

/// <summary>What tells text_poke, overlays of users and uprobes apart: who sees a change, and what it costs whom.</summary>
public sealed class ScopeStories
{
    private const int P = Page.Size;
    private static readonly PatchSet s_common = Set("all/common", 16);
    private static readonly PatchSet s_left = Set("left/only", P + 16);
    private static readonly PatchSet s_right = Set("right/only", P + 32);

    [Fact]
    public Task A_parent_and_its_children_are_poked_apart_and_share_the_lower_level()
    {
        using var tale = Begun(out var parent, ["mappings", "recipes", "derived"]);
        Process left = null!, right = null!;
        return tale.Begin()
            .Then("poke the parent and fork twice", () =>
            {
                tale.Machine.TextPoke.Apply(parent.Process, parent.Address, s_common);
                (left, right) = (parent.Process.Fork(), parent.Process.Fork());
            })
            .Then("poke each child otherwise", () =>
            {
                tale.Machine.TextPoke.Apply(left, parent.Address, s_left);
                tale.Machine.TextPoke.Apply(right, parent.Address, s_right);
            })
            .Then("all look at both pages", () =>
            {
                Assert.Equal("!AB BBB", Seen(parent));
                Assert.Equal("!AB !BB", Seen((left, parent.Address)));
                Assert.Equal("!AB B!B", Seen((right, parent.Address)));
            })
            .Told();
    }

    [Fact]
    public Task The_same_wish_as_an_overlay_shows_in_all_three()
    {
        using var tale = Begun(out var parent, ["mappings", "derived", "overlays"]);
        var (left, right) = (parent.Process.Fork(), parent.Process.Fork());
        return tale.Begin()
            .Then("overlay what all should have, then what the children should", () =>
            {
                Overlay(tale, parent.Process.User, s_common);
                Overlay(tale, parent.Process.User, s_left);
                Overlay(tale, parent.Process.User, s_right);
            })
            .Then("all look at both pages", () => Assert.All(
                [parent.Process, left, right], p => Assert.Equal("!AB !!B", Seen((p, parent.Address)))))
            .Told();
    }

    [Fact]
    public Task The_same_wish_as_uprobes_shows_in_all_three_with_copies_of_their_own()
    {
        using var tale = Begun(out var parent, ["blocks", "mappings", "uprobes"]);
        var (left, right) = (parent.Process.Fork(), parent.Process.Fork());
        return tale.Begin()
            .Then("attach what all should have, then what the children should", () =>
            {
                Probe(tale, s_common);
                Probe(tale, s_left);
                Probe(tale, s_right);
            })
            .Then("all look at both pages", () => Assert.All(
                [parent.Process, left, right], p => Assert.Equal("!AB !!B", Seen((p, parent.Address)))))
            .Told();
    }

    [Fact]
    public Task Who_sees_a_poke() => WhoSees(
        ["mappings", "derived"], (tale, app) => tale.Machine.TextPoke.Apply(app.Process, app.Address, s_common), "!A!A");

    [Fact]
    public Task Who_sees_an_overlay() => WhoSees(
        ["mappings", "derived", "overlays"], (tale, app) => Overlay(tale, app.Process.User, s_common), "!!!A");

    [Fact]
    public Task Who_sees_uprobes() => WhoSees(["mappings", "uprobes"], (tale, _) => Probe(tale, s_common), "!!!!");

    [Fact]
    public Task Short_lived_processes_find_what_the_last_one_left_also_when_its_pages_had_to_go()
    {
        using var tale = new Tale(["memory", "frames", "recipes", "derived", "counters"], memory: 16 << Page.Shift);
        tale.File("/lib", 3).Dispose();
        tale.Machine.Cache.Dirty.CleanAll();
        return tale.Begin()
            .Then("one comes, pokes, looks and goes", () => Live(tale))
            .Then("another does the same", () => Live(tale))
            .Then("15 pages are written", () => tale.File("/big", 15).Dispose())
            .Then("a third one", () => Live(tale))
            .Told();
    }

    [Fact]
    public Task Levels_are_stacked_refused_replaced_and_reverted()
    {
        using var tale = Begun(out var app, ["mappings", "recipes", "derived"]);
        var poke = tale.Machine.TextPoke;
        return tale.Begin()
            .Then("poke two levels", () =>
            {
                poke.Apply(app.Process, app.Address, s_common);
                poke.Apply(app.Process, app.Address, s_left);
            })
            .Then("a third reaches into the first and is refused", () =>
            {
                var wide = new PatchSetBuilder { Label = "too/wide" }.Add(15, "AAA"u8, "123"u8).Build();
                Assert.Throws<PatchRefusedException>(() => poke.Apply(app.Process, app.Address, wide));
            })
            .Then("the second is replaced by one on the same page", () => poke.Replace(app.Process, app.Address, s_left, s_right))
            .Then("the first is reverted below it", () => poke.Revert(app.Process, app.Address, s_common))
            .Then("nobody needs the others", () => Assert.Equal(3, tale.Machine.Derived.Shrink(int.MaxValue)))
            .Told();
    }

    private static Task WhoSees(string[] tables, Action<Tale, (Process Process, long Address)> change, string expected)
    {
        using var tale = Begun(out var app, tables);
        var bob = tale.Mapped("/lib", Protection.ReadExecute, name: "bobs", user: tale.Machine.Processes.AddUser("bob"));
        var (later, fork) = (bob, app);
        return tale.Begin()
            .Then("one process of ann's is there, and one of bob's", () => change(tale, app))
            .Then("ann starts another", () => later = tale.Mapped("/lib", Protection.ReadExecute, name: "later", user: app.Process.User))
            .Then("the first forks", () => fork = (app.Process.Fork(), app.Address))
            .Then("the first, the later one, the fork and bob's look at page 0", () =>
                Assert.Equal(expected, string.Concat(new[] { app, later, fork, bob }.Select(p => Seen(p)[0]))))
            .Told();
    }

    private static Tale Begun(out (Process Process, long Address) app, string[] tables)
    {
        var tale = new Tale(tables);
        tale.File("/lib", 3).Dispose();
        tale.Machine.Cache.Dirty.CleanAll();
        app = tale.Mapped("/lib", Protection.ReadExecute, user: tale.Machine.Processes.AddUser("ann"));
        Tale.Touch(app.Process, app.Address, 3);
        return tale;
    }

    private static void Live(Tale tale)
    {
        var (process, address) = tale.Mapped("/lib", Protection.ReadExecute);
        tale.Machine.TextPoke.Apply(process, address, s_common);
        Tale.Touch(process, address, 3);
        process.Exit();
    }

    private static void Overlay(Tale tale, User user, PatchSet set)
    {
        using var file = tale.Machine.Volume.Open("/lib");
        tale.Machine.Overlays.Apply(Root(tale), user, file, set);
    }

    private static void Probe(Tale tale, PatchSet set)
    {
        using var file = tale.Machine.Volume.Open("/lib");
        tale.Machine.Uprobes.Attach(Root(tale), file, set);
    }

    private static Process Root(Tale tale) => tale.Machine.Processes.Alive.FirstOrDefault(p => p.User.IsRoot)
        ?? tale.Machine.Processes.Spawn(tale.Machine.Processes.User(0), "tool");

    // The bytes at 16 and 32 of page 0, of page 1 and the next, '!' for breakpoints.
    private static string Seen((Process Process, long Address) app)
    {
        char At(long offset)
        {
            var bytes = new byte[1];
            app.Process.Memory.Load(app.Address + offset, bytes);
            return bytes[0] == 0xcc ? '!' : (char)bytes[0];
        }

        return $"{At(16)}{At(32)}{At(P)} {At(P + 16)}{At(P + 32)}{At(P + 48)}";
    }

    private static PatchSet Set(string label, params long[] offsets)
    {
        var set = new PatchSetBuilder { Label = label };
        foreach (var offset in offsets)
        {
            set.Add(offset, [(byte)('A' + (offset >> Page.Shift))], [0xcc]);
        }

        return set.Build();
    }
}
