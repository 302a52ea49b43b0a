using System.Reflection;
using System.Text.RegularExpressions;
using Reflink.Cache;
using Reflink.Ksm.Partitions;
using Reflink.Ksm.Scanning;
using Reflink.Tests.Tidy;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Tests.Machines;

/// <summary>
/// For each <see cref="Rule"/> the shortest story that goes wrong without it: what somebody reads, or what fsck finds. The story is
/// told twice, by a right machine and by one that leaves the rule out.
/// </summary>
public sealed partial class RuleTests : IDisposable
{
    private const int P = Page.Size;
    private Machine _machine = null!;
    private Process _process = null!;

    public void Dispose() => _machine?.Dispose();

    [Fact]
    public void An_evicted_frame_is_not_read_by_who_mapped_it_before() => Needs(Rule.Evicted, "a", () =>
    {
        var at = Mapped(Make("/a", "a"));
        _ = Load(at);
        Assert.True(_machine.Cache.Reclaimer.TryEvict(new FrameNumber(0)));
        Make("/b", "b");
        return Load(at);
    });

    [Fact]
    public void A_mapping_follows_its_file_to_another_block() => Needs(Rule.Left, "x", () =>
    {
        Make("/a", "a");
        _machine.Volume.Clone("/a", "/b");
        var at = Mapped("/b");
        _ = Load(at);
        Write("/b", 0, "x");
        return Load(at);
    });

    [Fact]
    public void A_store_after_a_clone_does_not_change_the_clone() => Needs(Rule.Shared, "x", () =>
    {
        Make("/a", "a");
        var at = Mapped("/a", Protection.ReadWrite, MappingKind.Shared);
        Store(at, "x");
        _machine.Volume.Clone("/a", "/b");
        Store(at, "y");
        return Load(Mapped("/b"));
    });

    [Fact]
    public void A_page_that_was_cut_off_reads_as_zero_when_the_file_grows_again() => Needs(Rule.BulkRemapped, "\0", () =>
    {
        Make("/a", "a", "b");
        _machine.Volume.Clone("/a", "/b");
        var at = Mapped("/a") + P;
        _ = Load(at);
        using var file = _machine.Volume.Open("/a", OpenFlags.ReadWrite);
        file.Truncate(0);
        file.Truncate(2 * P);
        return Load(at);
    });

    [Fact]
    public void A_poked_mapping_shows_the_new_byte() => Needs(Rule.Rebound, "b", () =>
    {
        var at = Mapped(Make("/a", "a"), Protection.ReadExecute);
        _ = Load(at);
        Poke(_process, at);
        return Load(at);
    });

    [Fact]
    public void A_new_mapping_shows_nothing_of_the_one_that_was_there_before() => Needs(Rule.MappedAfresh, "\0", () =>
    {
        var at = Mapped(Make("/a", "a"));
        _ = Load(at);
        _process.Memory.Unmap(at, P);
        _process.Memory.MapAnonymous(P, Protection.ReadWrite, address: at);
        return Load(at);
    });

    [Fact]
    public void What_is_written_to_a_hole_shows_in_a_mapping_that_was_read_before() => Needs(Rule.HoleNotEntered, "x", () =>
    {
        using var file = _machine.Volume.Create("/a");
        file.Truncate(P);
        var at = Mapped("/a");
        _ = Load(at);
        file.Write(0, "x"u8);
        return Load(at);
    });

    [Fact]
    public void A_derived_page_outlives_the_file_it_was_derived_from() => Needs(Rule.RecipeOwnsRoots, "b+a", () =>
    {
        var at = Mapped(Make("/a", "aa"), Protection.ReadExecute);
        Poke(_process, at);
        var kept = _machine.Metadata.CreateNameless(Reflink.Inodes.InodeType.Regular);
        _machine.Ledger.Share(_process.Memory.Find(at)!.Base!, kept);
        _process.Exit();
        _machine.Derived.Shrink(int.MaxValue);
        _machine.Volume.Unlink("/a");
        _machine.Settle();
        _machine.DropCaches();
        var frame = _machine.Pages.Get(kept, new PageUse(kept.Number, default, AccessKind.Read, default), out _);
        var bytes = _machine.Cache.Frames.Bytes(frame);
        return $"{(char)bytes[0]}+{(char)bytes[1]}";
    });

    [Fact]
    public void A_file_that_changed_is_derived_from_anew() => Needs(Rule.SnapshotVersion, "x", () =>
    {
        Poke(_process, Mapped(Make("/a", "a", "a"), Protection.ReadExecute));
        Write("/a", P, "x");
        var at = Mapped("/a", Protection.ReadExecute);
        Poke(_process, at);
        return Load(at + P);
    });

    [Fact]
    public void A_debugger_that_writes_to_a_private_mapping_is_seen() => Needs(Rule.FillDropsEntry, "x", () =>
    {
        var at = Mapped(Make("/a", "a"));
        _ = Load(at);
        _process.Memory.DebugWrite(at, "x"u8);
        return Load(at);
    });

    [Fact]
    public void A_clone_of_a_dirty_file_can_be_read_from_the_store() => Needs(Rule.SharedClean, CacheKeying.Inode, "a", () =>
    {
        Make("/a", "a");
        _machine.Volume.Clone("/a", "/b");
        return Load(Mapped("/b"));
    });

    [Fact]
    public void A_page_that_is_cut_off_takes_its_frame_with_it() => Needs(Rule.TakenDropped, CacheKeying.Inode, "0 frames", () =>
    {
        Make("/a", "a");
        using var file = _machine.Volume.Open("/a", OpenFlags.ReadWrite);
        file.Truncate(0);
        return $"{_machine.Cache.Resident} frames";
    });

    [Fact]
    public void The_last_owner_of_a_merged_page_copies_it_as_well() => Needs(Rule.MergedNotExclusive, "1 copied", () =>
    {
        var (one, two) = (Anonymous("a"), Anonymous("a"));
        MergeAll();
        two.Process.Exit();
        one.Process.Memory.Store(one.At, "x"u8);
        return $"{_machine.Meter.Total(WorkKind.MergedCopied)} copied";
    });

    [Fact]
    public void A_page_that_changed_since_it_was_hashed_is_not_merged() => Needs(Rule.MergeCompares, "xa", () =>
    {
        var (one, two) = (Anonymous("a"), Anonymous("a"));
        _machine.Ksm.Merge(one.Process, one.Process, one.At, P, MergeFlags.Lazy);
        one.Process.Memory.Store(one.At, "x"u8);
        _machine.Ksm.Merge(two.Process, two.Process, two.At, P, MergeFlags.Lazy);
        return Load(one.Process, one.At) + Load(two.Process, two.At);
    });

    [Fact]
    public void A_store_to_a_page_that_was_merged_into_another_changes_no_other() => Needs(Rule.ReentryProtected, "xa", () =>
    {
        var (one, two) = (Anonymous("a"), Anonymous("a"));
        MergeAll();
        one.Process.Memory.Store(one.At, "x"u8);
        return Load(one.Process, one.At) + Load(two.Process, two.At);
    });

    [Fact]
    public void Unmerging_gives_everybody_pages_of_their_own() => Needs(Rule.UnmergeBreaks, "2 pages", () =>
    {
        _ = (Anonymous("a"), Anonymous("a"));
        MergeAll();
        _machine.Control[KsmPath + "run"] = "2";
        return $"{_machine.Space.Live(BlockKind.Anonymous)} pages";
    });

    [Fact]
    public void A_forked_child_is_a_member_of_its_parents_partition() => Needs(Rule.ForkJoins, "True", () =>
    {
        using var red = _machine.Ksm.Open("red", KsmOpenFlags.ReadWrite | KsmOpenFlags.Create | KsmOpenFlags.Synchronous);
        red.Merge(_process, _process.Memory.MapAnonymous(P, Protection.ReadWrite), P);
        var child = _process.Fork();
        return red.Partition.Members.Contains(child).ToString();
    });

    [Fact]
    public void A_file_that_is_written_is_not_read_through_its_equals() => Needs(Rule.ContentLeft, CacheKeying.Content, "x", () =>
    {
        Make("/a", "a");
        Make("/b", "a");
        _machine.Volume.ShareContent("/a");
        _machine.Volume.ShareContent("/b");
        var at = Mapped("/b");
        _ = Load(at);
        Write("/b", 0, "x");
        return Load(at);
    });

    [Fact]
    public void Each_rule_names_the_story_that_explains_it()
    {
        var source = new SourceTree().Sources.Single(f => f.Path == "src/Reflink/Units/Rule.cs").Text;
        var stories = typeof(RuleTests).GetMethods().Where(m => m.GetCustomAttribute<FactAttribute>() is not null).Select(m => m.Name).ToHashSet();
        var named = Members().Matches(source).ToDictionary(m => m.Groups["rule"].Value, m => Story().Match(m.Groups["doc"].Value).Groups["story"].Value);
        Assert.Equal(Enum.GetNames<Rule>().Order(), named.Keys.Order());
        Assert.All(named.Where(n => n.Key is not (nameof(Rule.None) or nameof(Rule.Freed))), n => Assert.Contains(n.Value, stories));
    }

    private const string KsmPath = "/sys/kernel/mm/ksm/";

    [GeneratedRegex(@"<summary>(?<doc>(?:(?!<summary>).)*)</summary>\s+(?<rule>\w+) = ", RegexOptions.Singleline)]
    private static partial Regex Members();

    [GeneratedRegex(@"RuleTests\.(?<story>\w+)")]
    private static partial Regex Story();

    private void Needs(Rule rule, string expected, Func<string> story) => Needs(rule, CacheKeying.Block, expected, story);

    private void Needs(Rule rule, CacheKeying keying, string expected, Func<string> story)
    {
        Assert.Equal(expected, Tell(Rule.None, keying, story));
        Assert.NotEqual(expected, Tell(rule, keying, story));
    }

    private string Tell(Rule broken, CacheKeying keying, Func<string> story)
    {
        _machine?.Dispose();
        _machine = new Machine(new MachineOptions { Memory = 64 * P, Keying = keying });
        _machine.Changes.Broken = broken;
        _machine.Ksm.Tunables.SmartScan = false;
        _process = _machine.Processes.Spawn(_machine.Processes.User(0), "p");
        try
        {
            return story();
        }
        catch (Exception e) when (e is ReflinkException or InvariantException)
        {
            return e.Message;
        }
    }

    // A file of pages that begin with the given texts.
    private string Make(string path, params string[] pages)
    {
        using var file = _machine.Volume.Create(path);
        foreach (var (page, text) in pages.Index())
        {
            file.Write((long)page * P, new byte[P]);
            file.Write((long)page * P, System.Text.Encoding.Latin1.GetBytes(text));
        }

        return path;
    }

    private void Write(string path, long offset, string text)
    {
        using var file = _machine.Volume.Open(path, OpenFlags.ReadWrite);
        file.Write(offset, System.Text.Encoding.Latin1.GetBytes(text));
    }

    private long Mapped(string path, Protection protection = Protection.Read, MappingKind kind = MappingKind.Private)
    {
        using var file = _machine.Volume.Open(path, OpenFlags.ReadWrite);
        return _process.Memory.Map(file, 0, file.Size, protection, kind);
    }

    private (Process Process, long At) Anonymous(string text)
    {
        var process = _machine.Processes.Spawn(_machine.Processes.User(0), "q");
        var at = process.Memory.MapAnonymous(P, Protection.ReadWrite);
        process.Memory.Store(at, System.Text.Encoding.Latin1.GetBytes(text));
        process.Madvise(at, P, Advice.Mergeable);
        return (process, at);
    }

    private void MergeAll()
    {
        for (var pass = 0; pass < 3; pass++)
        {
            _machine.Ksm.Pass();
        }
    }

    private void Poke(Process process, long at) => _machine.TextPoke.Apply(process, at, new PatchSetBuilder().Add(0, "a"u8, "b"u8).Build());

    private void Store(long at, string text) => _process.Memory.Store(at, System.Text.Encoding.Latin1.GetBytes(text));

    private string Load(long at) => Load(_process, at);

    private static string Load(Process process, long at) => ((char)process.Memory.Load<byte>(at)).ToString();
}
