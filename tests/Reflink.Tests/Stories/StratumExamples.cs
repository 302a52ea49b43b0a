using System.Runtime.CompilerServices;
using System.Text;
using Reflink.Inodes;
using Reflink.Ksm.Controls;
using Reflink.Patching;
using Reflink.Space;
using Reflink.Store;
using Reflink.Store.Commits;
using Reflink.Tests.Tidy;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Tests.Stories;

/// <summary>The worked examples in the READMEs of strata: each is run here, and the README shows its calls and the state after each of them.</summary>
public sealed class StratumExamples
{
    private readonly StringBuilder _text = new();
    private Func<IEnumerable<string>> _state = () => [];

    [Fact]
    public void Space()
    {
        var space = new BlockSpace(storedCapacity: 8, new ChangeCounter());
        var (s1, s2) = (BlockNumber.Of(BlockKind.Stored, 1), BlockNumber.Of(BlockKind.Stored, 2));
        var d1 = BlockNumber.Of(BlockKind.Derived, 1);
        _state = () =>
        [
            .. new[] { BlockKind.Stored, BlockKind.Derived }.SelectMany(space.Runs)
                .Select(r => $"{Range(r.First, r.Count),-8}{r.Owners} {(r.Owners == 1 ? "owner" : "owners")}"),
            $"free    {space.Free}",
        ];
        Step(() => space.Allocate(BlockKind.Stored, 4));
        Step(() => space.Share(s2, 2));
        Step(() => space.Intern(0, new RecipeBuilder().Copy(s1, 0, 64).Data([0xcc]).Copy(s1, 65, 4031).Build()));
        Step(() => space.Release(s1, 4));
        Step(() => space.Release(d1, 1));
        Check();
    }

    [Fact]
    public void Inodes()
    {
        var space = new BlockSpace(storedCapacity: 100, new ChangeCounter());
        var reaper = new NodeReaper(space);
        var file = new ExtentMap(space, reaper);
        var clone = new ExtentMap(space, reaper);
        _state = () => new[] { (Name: "file", Map: file), (Name: "clone", Map: clone) }.SelectMany(m => Extents(m.Name, m.Map));
        Step(() => file.Map(new PageIndex(0), 4, space.Allocate(BlockKind.Stored, 4)));
        Step(() => clone = file.Clone());
        Step(() => clone.Map(new PageIndex(1), 1, space.Allocate(BlockKind.Stored, 1)));
        Step(() => file.Clear());
        Check();

        IEnumerable<string> Extents(string name, ExtentMap map)
        {
            foreach (var extent in map.Extents(PageRange.All))
            {
                for (var (rest, alike) = (extent, 0L); rest.Length > 0; rest = rest.Clip(rest.Start + alike, rest.End))
                {
                    alike = map.Alike(rest, out var isShared);
                    var owners = space.Owners(rest.Block);
                    yield return $"{name,-6}{new PageRange(rest.Start, alike),-7}{Range(rest.Block, alike),-7}"
                        + $"owned by {owners} {(owners == 1 ? "leaf" : "leaves")}, {(isShared ? "copies on write" : "writes in place")}";
                }
            }
        }
    }

    [Fact]
    public void Store()
    {
        using var folder = new ScratchFolder("example");
        var options = new StoreOptions { Folder = folder.Of("store"), Use = StoreUse.Durable };
        IDurableStore store = new FasterPageStore(options);
        var (s1, s2, s3) = (BlockNumber.Of(BlockKind.Stored, 1), BlockNumber.Of(BlockKind.Stored, 2), BlockNumber.Of(BlockKind.Stored, 3));
        var page = new byte[Page.Size];
        _state = () =>
        [
            $"pages of {string.Join(' ', store.Blocks.Order())}; found when opened: {(store.RecoveredRecords is [var one] ? $"\"{Encoding.UTF8.GetString(one.Span)}\"" : "nothing")}",
        ];
        Step(() => store.Write(s1, page));
        Step(() => store.Write(s2, page));
        Step(() => store.Commit("two pages"u8, CommitScope.Everything));
        Step(() => store.Delete(s1));
        Step(() => store.Write(s3, page));
        Step(() => store = Reopen());
        store.Dispose();
        Check();

        IDurableStore Reopen()
        {
            store.Dispose();
            return new FasterPageStore(options);
        }
    }

    [Fact]
    public void Ksm()
    {
        using var machine = new Machine(new MachineOptions { Memory = 1 << 20 });
        var (ksm, user) = (machine.Ksm, machine.Processes.User(0));
        var (one, two) = (machine.Processes.Spawn(user, "one"), machine.Processes.Spawn(user, "two"));
        var (a, b) = (Advised(one), Advised(two));
        _state = () =>
        [
            $"one {Private(one)}, two {Private(two)}; shared {ksm.Counters.PagesShared}, sharing {ksm.Counters.PagesSharing}, unshared {ksm.Counters.PagesUnshared}, volatile {ksm.Counters.PagesVolatile}",
        ];
        Step(() => one.Memory.Store(a, "equal"u8));
        Step(() => two.Memory.Store(b, "equal"u8));
        Step(() => ksm.Pass());
        Step(() => ksm.Pass());
        Step(() => two.Memory.Store(b, "other"u8));
        Step(() => ksm.Pass());
        Step(() => ksm.Run = KsmRun.Unmerge);
        Check();

        static long Advised(Process process)
        {
            var address = process.Memory.MapAnonymous(Page.Size, Protection.ReadWrite);
            process.Madvise(address, Page.Size, Advice.Mergeable);
            return address;
        }

        string Private(Process process) => process.Memory.Mappings[0] is var vma && vma.IsFilled(vma.FileRange.Start, out var block)
            ? $"{block}{(machine.Space.IsMerged(block) ? " (merged)" : "")}"
            : "-";
    }

    [Fact]
    public void Patching()
    {
        using var machine = new Machine(new MachineOptions { Memory = 1 << 20 });
        using var lib = machine.Volume.Create("/lib");
        lib.Write(0, Enumerable.Repeat((byte)0x90, Page.Size).ToArray());
        var process = machine.Processes.Spawn(machine.Processes.User(0), "app");
        var text = process.Memory.Map(lib, 0, lib.Size, Protection.ReadExecute);
        var (lower, upper) = (new PatchSetBuilder().Add(0, [0x90], [0xcc], "entry").Build(), new PatchSetBuilder().Add(1, [0x90], [0xf4], "exit").Build());
        var poke = machine.TextPoke;
        _state = () =>
        [
            $"shows inode {process.Memory.Mappings[0].Base!.Number}, levels {TextPoke.LevelsOf(process, text).Count}, private pages {machine.Space.Live(BlockKind.Anonymous)}, bytes {Convert.ToHexStringLower(Bytes())}",
        ];
        Step(() => process.Memory.Load<byte>(text));
        Step(() => poke.Apply(process, text, lower));
        Step(() => poke.Apply(process, text, upper));
        Step(() => process.Memory.DebugWrite(text + 2, [0xeb]));
        Step(() => poke.Revert(process, text, lower));
        Step(() => poke.Revert(process, text, upper));
        Check();

        byte[] Bytes()
        {
            var bytes = new byte[4];
            process.Memory.Load(text, bytes);
            return bytes;
        }
    }

    private static string Range(BlockNumber first, long count) => count == 1 ? $"{first}" : $"{first}-{first + (count - 1)}";

    private void Step(Action action, [CallerArgumentExpression(nameof(action))] string code = "")
    {
        action();
        _text.Append(code.Replace("() => ", "", StringComparison.Ordinal)).Append('\n');
        foreach (var line in _state())
        {
            _text.Append("    ").Append(line).Append('\n');
        }
    }

    private void Check([CallerMemberName] string stratum = "")
    {
        var readme = new SourceTree().Readmes.Single(r => r.Stratum == stratum).Readme!.Text;
        Assert.True(readme.Contains($"```\n{_text}```\n", StringComparison.Ordinal), $"src/Reflink/{stratum}/README.md must show\n{_text}");
    }
}
