using System.Buffers;
using Reflink.Patching.Sets;

namespace Reflink;

/// <summary>Collects entries in any order and makes the canonical <see cref="PatchSet"/> of them.</summary>
/// <param name="target">The file that the set is for; null if unknown.</param>
public sealed class PatchSetBuilder(PatchTarget? target = null)
{
    private readonly List<long> _offsets = [];
    private readonly List<int> _starts = [0];
    private readonly List<string?> _names = [];
    private readonly ArrayBufferWriter<byte> _old = new();
    private readonly ArrayBufferWriter<byte> _new = new();

    /// <summary>The file that the set is for.</summary>
    public PatchTarget Target
    {
        get;
        set => field = value ?? throw new ArgumentNullException(nameof(value));
    } = target ?? PatchTarget.Unknown;

    /// <summary>What the set is called: <c>GROUP/EVENT</c>, each of ASCII letters, digits and underscores, with no digit first; or null.</summary>
    public string? Label { get; set; }

    /// <summary>Entries added so far, duplicates included.</summary>
    public int Count => _offsets.Count;

    /// <summary>Adds an entry; a wrong one is refused and changes nothing.</summary>
    /// <param name="offset">The byte offset in the file.</param>
    /// <param name="old">The bytes that must be there, all of them.</param>
    /// <param name="new">The bytes that shall be there, as many.</param>
    /// <param name="name">What people call the site.</param>
    /// <exception cref="ReflinkException">EINVAL: the offset, the lengths or the name are wrong.</exception>
    /// <example><code>
    /// var breakpoint = new PatchSetBuilder().Add(0x40, [0x90], [0xcc], "entry").Build();
    /// </code></example>
    public PatchSetBuilder Add(long offset, ReadOnlySpan<byte> old, ReadOnlySpan<byte> @new, string? name = null)
    {
        if (Problem(offset, old, @new, name) is { } problem)
        {
            throw new ReflinkException(Errno.EINVAL, $"patch at 0x{offset:x}: {problem}");
        }

        _old.Write(old);
        _new.Write(@new);
        _offsets.Add(offset);
        _starts.Add(_old.WrittenCount);
        _names.Add(name);
        return this;
    }

    /// <summary>Makes the set. Identical entries become one; overlapping ones are refused; then those that change nothing are left out.</summary>
    /// <exception cref="ReflinkException">EINVAL: two entries overlap, one lies behind the target's end, or the target or the label is malformed.</exception>
    public PatchSet Build() => Build("patch set");

    /// <summary>What is wrong with an entry, or null.</summary>
    internal static string? Problem(long offset, ReadOnlySpan<byte> old, ReadOnlySpan<byte> @new, string? name) =>
        offset < 0 ? "a file offset is not negative"
        : old.IsEmpty ? "an entry has at least one byte"
        : old.Length != @new.Length ? $"{old.Length} old and {@new.Length} new bytes; give as many old bytes as new ones"
        : offset > long.MaxValue - old.Length ? "the entry ends behind any file"
        : name is not null && !PlainText.IsPlain(name) ? PlainText.NotPlain("name")
        : null;

    /// <summary>What is wrong with what the set says of itself, or null.</summary>
    internal string? HeaderProblem() => Target.Problem() ?? (Label is null ? null : PatchSetLabel.Problem(Label));

    /// <summary>Makes the set; failures begin with <paramref name="source"/>, the file that the entries were read from.</summary>
    internal PatchSet Build(string source)
    {
        if (HeaderProblem() is { } problem)
        {
            throw new ReflinkException(Errno.EINVAL, $"{source}: {problem}");
        }

        var target = Target with { BuildId = Target.BuildId?.ToLowerInvariant(), Content = Target.Content?.ToLowerInvariant() };
        return new PatchSetCanon(source, target, Label, Entry, _old.WrittenCount).Make(Sorted());
    }

    private PatchEntry Entry(int index)
    {
        var bytes = _starts[index].._starts[index + 1];
        return new(_offsets[index], _old.WrittenSpan[bytes], _new.WrittenSpan[bytes], _names[index]);
    }

    private int[] Sorted()
    {
        var order = new int[Count];
        var isSorted = true;
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
            isSorted = isSorted && (i == 0 || _offsets[i - 1] < _offsets[i]);
        }

        if (!isSorted)
        {
            Array.Sort(order, (a, b) => Entry(a).CompareTo(Entry(b)));
        }

        return order;
    }
}
