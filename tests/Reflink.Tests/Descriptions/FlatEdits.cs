using Reflink.Descriptions;
using Reflink.Descriptions.Content;

namespace Reflink.Tests.Descriptions;

/// <summary>Random edits, done by a builder and, as the oracle, on a list of bytes.</summary>
internal sealed class FlatEdits
{
    private readonly Random _random;
    private readonly List<byte> _flat = [];
    private readonly byte[] _donor;

    public FlatEdits(int seed, byte[] first, byte[] donor)
    {
        (_random, First, _donor) = (new Random(seed), first, donor);
        Builder = new ChangeDescription.Builder(new DescribedBase(first.Length, "/first"));
        _flat.AddRange(first);
        Builder.AddBase(new DescribedBase(donor.Length, "/donor"));
    }

    public ChangeDescription.Builder Builder { get; }

    public byte[] First { get; }

    public byte[] Flat => [.. _flat];

    public IReadOnlyList<ByteSource> Sources => [ByteSource.Of(First), ByteSource.Of(_donor)];

    /// <summary>The sources of a description's bases, which may be fewer and in another order.</summary>
    public IReadOnlyList<ByteSource> SourcesOf(ChangeDescription description) => [.. description.Bases.Select(b => ByteSource.Of(b.Name == "/first" ? First : _donor))];

    /// <summary>Bytes in which pages of zeroes and stretches of one byte are frequent.</summary>
    public static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        for (var at = 0; at < length;)
        {
            var part = bytes.AsSpan(at, Math.Min(length - at, random.Next(1, 3) * (random.Next(3) == 0 ? Page.Size : 40)));
            switch (random.Next(3))
            {
                case 0: random.NextBytes(part); break;
                case 1: part.Fill((byte)random.Next(3)); break;
                default: break;
            }

            at += part.Length;
        }

        return bytes;
    }

    public void Edit()
    {
        var at = _random.Next(_flat.Count + 1);
        var length = Math.Min(_random.Next(3) == 0 ? _random.Next(3 * Page.Size) : _random.Next(40), _flat.Count - at);
        switch (_random.Next(10))
        {
            case 0: Write(at, Bytes(_random, _random.Next(60))); break;
            case 1: Write(_flat.Count + _random.Next(2 * Page.Size), Bytes(_random, 5)); break;
            case 2: Insert(at); break;
            case 3:
                Builder.Delete(at, length);
                _flat.RemoveRange(at, length);
                break;
            case 4:
                Builder.Truncate(at);
                _flat.RemoveRange(at, _flat.Count - at);
                break;
            case 5:
                Builder.Punch(at, length + 100);
                Zero(at, Math.Min(length + 100, _flat.Count - at));
                break;
            case 6:
                Builder.Fill(at, length, 7);
                for (var i = at; i < at + length; i++)
                {
                    _flat[i] = 7;
                }

                break;
            case 7 when _flat.Count > 2 * Page.Size:
                Builder.Collapse(Page.Size, Page.Size);
                _flat.RemoveRange(Page.Size, Page.Size);
                break;
            case 8 when _flat.Count > Page.Size:
                Builder.InsertHole(0, Page.Size);
                _flat.InsertRange(0, new byte[Page.Size]);
                break;
            default: Clone(at); break;
        }
    }

    private void Write(int at, byte[] bytes)
    {
        Builder.Write(at, bytes);
        Overwrite(at, bytes);
    }

    private void Insert(int at)
    {
        var bytes = Bytes(_random, _random.Next(60));
        Builder.Insert(at, bytes);
        _flat.InsertRange(at, bytes);
    }

    private void Clone(int at)
    {
        var from = _random.Next(_donor.Length);
        var length = _random.Next(_donor.Length - from);
        Builder.CloneRange(1, from, length, at);
        Overwrite(at, _donor.AsSpan(from, length));
    }

    private void Zero(int at, int length)
    {
        for (var i = at; i < at + length; i++)
        {
            _flat[i] = 0;
        }
    }

    private void Overwrite(int at, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0 && _flat.Count < at)
        {
            _flat.Add(0);
        }

        for (var i = 0; i < bytes.Length; i++)
        {
            if (at + i < _flat.Count)
            {
                _flat[at + i] = bytes[i];
            }
            else
            {
                _flat.Add(bytes[i]);
            }
        }
    }
}
