using System.IO.Hashing;
using Reflink.Store.Disks;

namespace Reflink.Store.Commits;

/// <summary>
/// The commit point: which journal counts, and how far. It is kept twice in two sectors, and commits take turns between two
/// such pairs, so that neither a torn write nor a damaged sector takes the last commit away.
/// <code>
///   commits   │ even, first │ even, second │ odd, first │ odd, second │    sectors of 512 bytes
/// </code>
/// </summary>
/// <param name="Sequence">Which commit it is, from 1 up.</param>
/// <param name="Journal">The number of the journal.</param>
/// <param name="End">Where the committed part of the journal ends.</param>
internal readonly record struct CommitMark(long Sequence, int Journal, long End)
{
    /// <summary>What the file has.</summary>
    public const int FileBytes = 4 * Sector;

    private const int Sector = 512;
    private const ulong Magic = 0x7469_6D6D_6F43_6652;
    private const int Words = 5;

    /// <summary>The commit that a file says was the last; false if it says none.</summary>
    public static bool TryRead(IDiskFile file, out CommitMark last)
    {
        last = default;
        var bytes = new byte[FileBytes];
        _ = file.Read(0, bytes);
        for (var at = 0; at < FileBytes; at += Sector)
        {
            var reader = new ByteReader(bytes.AsSpan(at, Sector));
            if (reader.TakeFixed() == Magic
                && unchecked(new CommitMark((long)reader.TakeFixed(), (int)reader.TakeFixed(), (long)reader.TakeFixed())) is var mark
                && reader.TakeFixed() == mark.Checksum() && mark.Sequence > last.Sequence)
            {
                last = mark;
            }
        }

        return last.Sequence > 0;
    }

    /// <summary>Puts the commit where the last but one was.</summary>
    public void Write(IDiskFile file)
    {
        var sectors = new byte[2 * Sector];
        var words = Encode();
        words.Bytes.CopyTo(sectors);
        words.Bytes.CopyTo(sectors.AsSpan(Sector));
        file.Write(Sequence % 2 * sectors.Length, sectors);
    }

    private ByteWriter Encode()
    {
        var words = new ByteWriter();
        foreach (var word in (ReadOnlySpan<ulong>)[Magic, unchecked((ulong)Sequence), unchecked((ulong)Journal), unchecked((ulong)End)])
        {
            words.PutFixed(word);
        }

        words.PutFixed(XxHash3.HashToUInt64(words.Bytes));
        return words;
    }

    private ulong Checksum() => BitConverter.ToUInt64(Encode().Bytes[((Words - 1) * sizeof(ulong))..]);
}
