using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Reflink.Tests.Tidy;

namespace Reflink.Tests.Stories;

/// <summary>The tour of src/Reflink/README.md: its code is the code below, and what it shows of the machine are these snapshots.</summary>
public sealed partial class ReadmeTour
{
    private static readonly string[] s_steps = ["file", "clone", "write", "map", "patch", "evict", "return", "exit"];

    private readonly Dictionary<string, string> _shown = [];
    private Snapshot? _before;

    public static TheoryData<string> Steps => [.. s_steps];

    [Theory]
    [MemberData(nameof(Steps))]
    public Task Shows(string step)
    {
        Go();
        return Verify(_shown[step]).UseParameters(step);
    }

    [Fact]
    public void README_shows_the_snapshots_and_the_code_that_makes_them()
    {
        Go();
        var (readme, code) = (new SourceTree().Tour.Text, Code());
        var shown = Part().Matches(readme).Select(m => (Step: m.Groups[1].Value, Code: m.Groups[2].Value.TrimEnd('\n'), State: m.Groups[3].Value.TrimEnd('\n'))).ToList();

        Assert.Equal(s_steps, _shown.Keys);
        Assert.Equal(s_steps, shown.Select(s => s.Step));
        Assert.All(shown, s => Assert.Equal((s.Step == s_steps[0] ? "using Reflink;\n\n" : "") + code[s.Step], s.Code));
        Assert.All(shown, s => Assert.Equal(_shown[s.Step], s.State));
        Assert.Equal(shown.Count, Marker().Count(readme));
    }

    // The lines between two calls of Show are what README prints above the second one's state.
    private void Go()
    {
        using var machine = new Machine(new MachineOptions { Memory = 1 << 20 });
        using var lib = machine.Volume.Create("/lib");
        lib.Write(0, Enumerable.Repeat((byte)0x90, 4 * Page.Size).ToArray());    // 4 pages of nop
        Show(machine, "file");

        machine.Volume.Clone("/lib", "/copy");
        Show(machine, "clone");

        using var copy = machine.Volume.Open("/copy", OpenFlags.ReadWrite);
        copy.Write((3 * Page.Size) + 100, "hello"u8);
        Show(machine, "write");

        var one = machine.Processes.Spawn(machine.Processes.User(0), "one");
        var text = one.Memory.Map(lib, 0, lib.Size, Protection.ReadExecute);
        one.Memory.Load<byte>(text);
        var two = one.Fork();
        Show(machine, "map", "mappings");

        var set = new PatchSetBuilder().Add(0x40, [0x90], [0xcc], "entry").Build();
        foreach (var process in new[] { one, two })
        {
            machine.TextPoke.Apply(process, text, set);
            Console.WriteLine($"{process.Memory.Load<byte>(text + 0x40):x2}");    // cc
        }

        Show(machine, "patch", "mappings");

        one.Madvise(text, lib.Size, Advice.DontNeed);
        two.Madvise(text, lib.Size, Advice.DontNeed);
        machine.DropCaches();
        Show(machine, "evict");

        Console.WriteLine($"{two.Memory.Load<byte>(text + 0x40):x2}");    // cc
        Show(machine, "return");

        one.Exit();
        two.Exit();
        Show(machine, "exit", "mappings");
    }

    // The state at the beginning, then what each step changed.
    private void Show(Machine machine, string step, params string[] more)
    {
        Fsck.Require(machine);
        string[] tables = ["extents", "frames", "recipes", .. more];
        var after = machine.Snapshot();
        var text = _before is null ? after.Only(tables).ToString() : Snapshot.Diff(_before.Only(tables), after.Only(tables));
        _shown[step] = text.TrimEnd('\n');
        _before = after;
    }

    private static Dictionary<string, string> Code([CallerFilePath] string file = "")
    {
        var body = Regex.Match(File.ReadAllText(file), @"private void Go\(\)\s*\{\n(.*?)\n    \}", RegexOptions.Singleline).Groups[1].Value;
        return Section().Matches(body).ToDictionary(m => m.Groups[2].Value, m => Regex.Replace(m.Groups[1].Value.Trim('\n'), "^ {8}", "", RegexOptions.Multiline).TrimEnd());
    }

    [GeneratedRegex(@"(.*?)\s+Show\(machine, ""(\w+)""[^\n]*\);", RegexOptions.Singleline)]
    private static partial Regex Section();

    // Prose, then a block of code, then a block of state; every line is matched in one way only.
    [GeneratedRegex(@"<!-- tour: (\w+) -->\n(?:(?!<!--|```)[^\n]*\n)*```csharp\n((?:(?!```)[^\n]*\n)*)```\n```\n((?:(?!```)[^\n]*\n)*)```\n")]
    private static partial Regex Part();

    [GeneratedRegex("<!-- tour:")]
    private static partial Regex Marker();
}
