using Reflink.Descriptions;
using Reflink.Files;
using Reflink.Units;

namespace Reflink.Fidelity.Filesystems;

/// <summary>
/// Edits of one file, of which the model makes a description and from it a file, while the kernel clones the file (cp --reflink) and does
/// the edits on the clone, one system call after the other. Inserting and deleting bytes has no call: the rest is read and written.
/// </summary>
internal sealed class DerivedScript : IDisposable
{
    private const int Base = 0;
    private const int Donor = 1;
    private const int Target = 2;
    private const int Pages = 24;

    private readonly Random _random;
    private readonly LiveFiles _live;
    private readonly Machine _machine = new(new MachineOptions { Memory = 4 << 20 });
    private readonly ChangeDescription.Builder _builder;
    private readonly List<string> _edits = [];

    /// <summary>Makes the same files on both sides.</summary>
    public DerivedScript(int seed, string folder)
    {
        (_random, _live) = (new Random(seed), new LiveFiles(folder, 3));
        MakeFile(Base);
        MakeFile(Donor);
        _ = _live.Do(new FileOp(FileVerb.Clone, Target, 0, Other: Base));
        _builder = new ChangeDescription.Builder(new DescribedBase(Size(Base), Name(Base)));
        _builder.AddBase(new DescribedBase(Size(Donor), Name(Donor)));
    }

    /// <summary>Pages that the model shares though the kernel does not, because they were written with the bytes that they had.</summary>
    public int SharedMore { get; private set; }

    /// <summary>Pages that the model makes on demand.</summary>
    public int MadeOnDemand { get; private set; }

    /// <summary>Does the edits, and says in what the two sides differ; null if in nothing.</summary>
    public string? Play(int edits)
    {
        for (var n = 0; n < edits; n++)
        {
            Edit();
        }

        _machine.Volume.Derive(_builder.Build(), Name(Target));
        var (ours, live) = (Bytes(Target), _live.State(Target));
        if (!ours.AsSpan().SequenceEqual(live.Bytes))
        {
            return $"bytes differ from {ours.AsSpan().CommonPrefixLength(live.Bytes)} on, of {ours.Length} and {live.Bytes.Length}, after {string.Join(", ", _edits)}";
        }

        return Fsck.Check(_machine) is [var finding, ..] ? finding : CompareSharing(live);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _live.Dispose();
        _machine.Dispose();
    }

    private static string Name(int file) => $"/f{file}";

    private long Size(int file) => _machine.Volume.Stat(Name(file)).Size;

    private byte[] Bytes(int file)
    {
        using var open = _machine.Volume.Open(Name(file));
        var bytes = new byte[open.Size];
        Invariant.Check(open.Read(0, bytes) == bytes.Length);
        return bytes;
    }

    private void MakeFile(int file)
    {
        using var open = _machine.Volume.Create(Name(file));
        for (var n = 0; n < 6; n++)
        {
            var op = new FileOp(
                FileVerb.Write, file, _random.Next(Pages) * Page.Size, (_random.Next(1, 5) * Page.Size) + (n == 5 ? 777 : 0), Value: 1 + _random.Next(250));
            open.Write(op.Offset, LiveFiles.Pattern(op));
            _ = _live.Do(op);
        }
    }

    private void Edit()
    {
        var at = _random.NextInt64(_builder.Size + 1);
        var length = Math.Min(_random.Next(3) == 0 ? _random.Next(3 * Page.Size) : _random.Next(1, 60), _builder.Size - at);
        switch (_random.Next(8))
        {
            case 0: Write(at, _random.Next(1, 60)); break;
            case 1: Write((at & -Page.Size), Page.Size); break;
            case 2: Shift("insert", at, 0, Bytes(_random.Next(1, 60), _random.Next(250))); break;
            case 3: Shift("delete", at, length, []); break;
            case 4 when length > 0:
                _builder.Punch(at, length);
                Call($"punch [{at},+{length})", FileVerb.Fallocate, at, length, (int)(FallocateMode.PunchHole | FallocateMode.KeepSize));
                break;
            case 5:
                _builder.Truncate(at);
                Call($"truncate {at}", FileVerb.Truncate, at, 0, 0);
                break;
            case 6 when _builder.Size > 3 * Page.Size:
                _builder.Collapse(Page.Size, Page.Size);
                Call("collapse", FileVerb.Fallocate, Page.Size, Page.Size, (int)FallocateMode.CollapseRange);
                break;
            default: Clone(_random.Next(2)); break;
        }
    }

    private static byte[] Bytes(int length, int value) => LiveFiles.Pattern(new FileOp(FileVerb.Write, 0, 0, length, Value: 1 + value));

    private void Write(long at, int length)
    {
        var value = 1 + _random.Next(250);
        _builder.Write(at, Bytes(length, value - 1));
        Call($"write [{at},+{length}) = {value}", FileVerb.Write, at, length, value);
    }

    private void Clone(int from)
    {
        var pages = Size(from) >> Page.Shift;
        var first = _random.NextInt64(pages);
        var (length, to) = ((1 + _random.NextInt64(pages - first)) * Page.Size, _random.NextInt64(1 + (_builder.Size >> Page.Shift)) * Page.Size);
        _builder.CloneRange(from, first * Page.Size, length, to);
        _edits.Add($"clone f{from} page {first} +{length} to {to}");
        _ = _live.Do(new FileOp(FileVerb.CloneRange, Target, to, length, from, first * Page.Size));
    }

    private void Shift(string what, long at, long removed, byte[] added)
    {
        _edits.Add($"{what} {at} -{removed} +{added.Length}");
        _ = removed > 0 ? _builder.Delete(at, removed) : _builder.Insert(at, added);
        var bytes = _live.State(Target).Bytes;
        _live.Overwrite(Target, at, [.. added, .. bytes[(int)(at + removed)..]]);
        _ = _live.Do(new FileOp(FileVerb.Truncate, Target, bytes.Length - removed + added.Length));
    }

    private void Call(string what, FileVerb verb, long at, long length, int value)
    {
        _edits.Add(what);
        _ = _live.Do(new FileOp(verb, Target, at, length, Value: value));
    }

    // What the kernel shares the model must share; where the model shares more the bytes must be equal, which they are.
    private string? CompareSharing(FileState live)
    {
        var (places, blocks) = (new Dictionary<long, BlockNumber>(), Blocks());
        foreach (var (page, block) in blocks[Base].Concat(blocks[Donor]).Where(p => p.Place >= 0).Select(p => (p.Place, p.Block)))
        {
            places.TryAdd(page, block);
        }

        for (var page = 0; page < live.Places.Length; page++)
        {
            var bytes = live.Bytes.AsSpan(page << Page.Shift);
            if (!bytes[..Math.Min(Page.Size, bytes.Length)].ContainsAnyExcept((byte)0))
            {
                continue;
            }

            var block = blocks[Target][page].Block;
            if (places.TryGetValue(live.Places[page], out var known) && known != block)
            {
                return $"page {page} is the base's {known} on the kernel and {block} in the model, after {string.Join(", ", _edits)}";
            }

            MadeOnDemand += block.Kind == BlockKind.Derived ? 1 : 0;
            SharedMore += block.Kind != BlockKind.Derived && !places.ContainsKey(live.Places[page]) && places.ContainsValue(block) ? 1 : 0;
        }

        return null;
    }

    private List<(long Place, BlockNumber Block)>[] Blocks() =>
        [.. new[] { Base, Donor, Target }.Select(file =>
        {
            var live = _live.State(file);
            var blocks = new BlockNumber[live.Places.Length];
            foreach (var extent in _machine.Volume.Extents(Name(file)))
            {
                for (var i = 0L; i < extent.Length && extent.Start.Value + i < blocks.Length; i++)
                {
                    blocks[extent.Start.Value + i] = extent.Block + i;
                }
            }

            return live.Places.Zip(blocks).ToList();
        })];
}
