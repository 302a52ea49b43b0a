using Reflink.Files;
using Reflink.Vm;

namespace Reflink.Tests.Files;

/// <summary>Bytes that a shared mapping leaves behind the end of a file never show, however the file grows over them.</summary>
public sealed class GrowthTests : IDisposable
{
    private const int P = Page.Size;
    private readonly Machine _machine = new();
    private readonly OpenFile _file;

    public GrowthTests() => _file = _machine.Volume.Create("/f");

    public static TheoryData<string> Ways => [.. s_ways.Keys];

    private static readonly Dictionary<string, Action<Machine, OpenFile>> s_ways = new()
    {
        ["truncate"] = (_, f) => f.Truncate(6),
        ["truncate to a later page"] = (_, f) => f.Truncate(2 * P),
        ["write behind the end"] = (_, f) => f.Write(6, "x"u8),
        ["write to a later page"] = (_, f) => f.Write(P, "x"u8),
        ["fallocate"] = (_, f) => f.Fallocate(FallocateMode.Allocate, 0, 2 * P),
        ["fallocate behind the end"] = (_, f) => f.Fallocate(FallocateMode.Allocate, P, P),
        ["zero a range behind the end"] = (_, f) => f.Fallocate(FallocateMode.ZeroRange, 6, P),
        ["insert a range"] = (_, f) => f.Fallocate(FallocateMode.InsertRange, 0, P),
        ["clone a range behind the end"] = (m, f) => m.Volume.CloneRange(Other(m), 0, P, f, P),
    };

    public void Dispose() => _machine.Dispose();

    [Theory]
    [MemberData(nameof(Ways))]
    public void What_a_mapping_left_behind_the_end_is_zero_when_the_file_grows(string way)
    {
        _file.Write(0, "abc"u8);
        var process = _machine.Processes.Spawn(_machine.Processes.User(0), "p");
        var at = process.Memory.Map(_file, 0, P, Protection.ReadWrite, MappingKind.Shared);
        process.Memory.Store(at + 3, "def"u8);

        s_ways[way](_machine, _file);

        var bytes = new byte[3];
        var start = way == "insert a range" ? P : 0;
        _file.Truncate(Math.Max(_file.Size, start + 6));
        Assert.Equal(3, _file.Read(start + 3, bytes));
        Assert.Equal("\0\0\0"u8, bytes);
        Fsck.Require(_machine);
    }

    private static OpenFile Other(Machine machine)
    {
        var other = machine.Volume.Create("/g");
        other.Write(0, new byte[P]);
        return other;
    }
}
