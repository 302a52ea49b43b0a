using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Reflink.Descriptions.Content;

/// <summary>
/// The identity of a file's content: SHA-256 over the file's size and the root of a Merkle tree over its pages. A node is the hash
/// of up to 128 nodes below it, which fill a page; a leaf is the hash of a page, the last one filled up with zeroes.
/// </summary>
/// <remarks>Pages of zeroes, and whole subtrees of them, are hashed once, so that the root of a sparse file takes as long as its data.</remarks>
public sealed class ContentRoot
{
    /// <summary>How many bytes a root has.</summary>
    public const int Bytes = SHA256.HashSizeInBytes;

    private const int FanOut = Page.Size / Bytes;
    private const int ReadAtOnce = 64;

    private readonly List<Level> _levels = [];
    private readonly List<byte[]> _zeroes = [SHA256.HashData(new byte[Page.Size])];
    private readonly byte[] _node = new byte[1 + Page.Size];

    private static ReadOnlySpan<byte> Tag => "reflink-content 1\n"u8;

    /// <summary>The root of a file in hexadecimal.</summary>
    /// <param name="source">The file.</param>
    /// <param name="progress">Told how many bytes are hashed.</param>
    public static string Of(ByteSource source, IProgress<long>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        var root = new ContentRoot();
        var buffer = new byte[ReadAtOnce * Page.Size];
        for (var at = 0L; at < source.Length;)
        {
            var data = source.NextData(at) & ~(long)(Page.Size - 1);
            if (data > at)
            {
                root.AppendZeroPages((data - at) >> Page.Shift);
                at = data;
                continue;
            }

            var length = (int)Math.Min(buffer.Length, source.Length - at);
            source.Read(at, buffer.AsSpan(0, length));
            root.Append(buffer.AsSpan(0, length));
            at += length;
            progress?.Report(at);
        }

        return root.Finish(source.Length);
    }

    /// <summary>Appends bytes: whole pages, but for the last of the file.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[Bytes];
        for (; bytes.Length >= Page.Size; bytes = bytes[Page.Size..])
        {
            SHA256.HashData(bytes[..Page.Size], hash);
            Push(0, hash);
        }

        if (!bytes.IsEmpty)
        {
            var last = new byte[Page.Size];
            bytes.CopyTo(last);
            SHA256.HashData(last, hash);
            Push(0, hash);
        }
    }

    /// <summary>Appends pages of zeroes.</summary>
    public void AppendZeroPages(long count)
    {
        while (count > 0)
        {
            var (level, pages) = (0, 1L);
            while ((level >= _levels.Count || _levels[level].Count == 0) && pages <= count / FanOut)
            {
                (level, pages) = (level + 1, pages * FanOut);
            }

            Push(level, ZeroNode(level));
            count -= pages;
        }
    }

    /// <summary>The root in hexadecimal; nothing can be appended afterwards.</summary>
    public string Finish(long size)
    {
        for (var level = 0; level < _levels.Count - 1 || (level < _levels.Count && _levels[level].Count > 1); level++)
        {
            if (_levels[level].Count > 0)
            {
                Close(level);
            }
        }

        Span<byte> form = stackalloc byte[Tag.Length + sizeof(long) + Bytes];
        form.Clear();
        Tag.CopyTo(form);
        BinaryPrimitives.WriteInt64LittleEndian(form[Tag.Length..], size);
        if (_levels.Count > 0)
        {
            _levels[^1].Hashes.AsSpan(0, Bytes).CopyTo(form[(Tag.Length + sizeof(long))..]);
        }

        return Convert.ToHexStringLower(SHA256.HashData(form));
    }

    private byte[] ZeroNode(int level)
    {
        while (_zeroes.Count <= level)
        {
            var node = new Level();
            for (; node.Count < FanOut; node.Count++)
            {
                _zeroes[^1].CopyTo(node.Hashes, node.Count * Bytes);
            }

            _zeroes.Add(HashOf(node));
        }

        return _zeroes[level];
    }

    private void Push(int level, ReadOnlySpan<byte> hash)
    {
        while (_levels.Count <= level)
        {
            _levels.Add(new Level());
        }

        var at = _levels[level];
        hash.CopyTo(at.Hashes.AsSpan(at.Count * Bytes));
        if (++at.Count == FanOut)
        {
            Close(level);
        }
    }

    private void Close(int level)
    {
        var node = HashOf(_levels[level]);
        _levels[level].Count = 0;
        Push(level + 1, node);
    }

    private byte[] HashOf(Level level)
    {
        _node[0] = 1;
        level.Hashes.AsSpan(0, level.Count * Bytes).CopyTo(_node.AsSpan(1));
        return SHA256.HashData(_node.AsSpan(0, 1 + (level.Count * Bytes)));
    }

    /// <summary>The hashes of one level that have no node above them yet.</summary>
    private sealed class Level
    {
        public byte[] Hashes { get; } = new byte[FanOut * Bytes];

        public int Count { get; set; }
    }
}
