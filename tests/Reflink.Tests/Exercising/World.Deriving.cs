using Reflink.Descriptions;
using Reflink.Descriptions.Pieces;
using Reflink.Files;

namespace Reflink.Tests.Exercising;

/// <content>Files that are made from descriptions.</content>
internal sealed partial class World
{
    /// <summary>Makes a new file from one or two others by a few edits, and says by old bytes what the first must hold.</summary>
    public void Derive(Op op, int file, int donor, int target)
    {
        var (flat, other) = (_files[file]!, _files[donor]!);
        var builder = new ChangeDescription.Builder(new DescribedBase(flat.Size, NameOf(file)));
        var from = builder.AddBase(new DescribedBase(other.Size, NameOf(donor)));
        List<byte> bytes = [.. flat.Bytes.AsSpan(0, flat.Size)];
        for (var n = 1 + op.Roll(2, 3); n > 0; n--)
        {
            Edit(op, n, builder, bytes, from, other);
        }

        var description = builder.Build();
        _notes?.Add($"derive f{target} from f{file} and f{donor}: {string.Join(' ', Enumerable.Range(0, description.Count).Select(i => description[i].ToString()))}");
        if (bytes.Count <= FlatFile.MostPages * Page.Size && Try(null, () => Machine.Volume.Derive(description, NameOf(target))))
        {
            var made = new FlatFile { Size = bytes.Count };
            bytes.CopyTo(made.Bytes);
            KeepTail(description, made, file, donor);
            _files[target] = made;
        }
    }

    /// <summary>Gives a file blocks of its own in place of derived ones.</summary>
    public void Materialize(int file)
    {
        _notes?.Add($"materialize f{file}");
        if (Try(null, () => Machine.Volume.Materialize(NameOf(file))) && Machine.Volume.Extents(NameOf(file)).Any(e => (e.Flags & ExtentFlags.Encoded) != 0))
        {
            throw new Failure($"f{file} has derived pages after it was materialised");
        }
    }

    private static void Edit(Op op, int n, ChangeDescription.Builder builder, List<byte> bytes, int from, FlatFile other)
    {
        var at = op.Roll(n + 2, 40) * bytes.Count / 40;
        var (length, value) = (Math.Min(s_lengths[op.Roll(n + 3, s_lengths.Length)], bytes.Count - at), (byte)op.Roll(n, 4));
        switch (op.Roll(n + 1, 6))
        {
            case 0:
                builder.Insert(at, [value]);
                bytes.Insert(at, value);
                break;
            case 1:
                builder.Delete(at, length);
                bytes.RemoveRange(at, length);
                break;
            case 2:
                builder.Punch(at & -Page.Size, Page.Size);
                Overwrite(bytes, at & -Page.Size, new byte[Math.Min(Page.Size, bytes.Count - (at & -Page.Size))]);
                break;
            case 3:
                var cloned = Math.Min(other.Size, (FlatFile.MostPages * Page.Size) - at);
                builder.CloneRange(from, 0, cloned, at);
                Overwrite(bytes, at, other.Bytes.AsSpan(0, cloned));
                break;
            case 4:
                builder.Truncate(at);
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            default:
                length = Math.Min(length, 5);
                builder.Write(at, Enumerable.Repeat(value, length).ToArray(), bytes.GetRange(at, length).ToArray());
                Overwrite(bytes, at, Enumerable.Repeat(value, length).ToArray());
                break;
        }
    }

    private static void Overwrite(List<byte> bytes, int at, ReadOnlySpan<byte> with)
    {
        bytes.RemoveRange(at, Math.Min(with.Length, bytes.Count - at));
        bytes.InsertRange(at, with);
    }

    // As a clone does, a file that ends with a base's last page has what a mapping left behind the end in it.
    private void KeepTail(ChangeDescription description, FlatFile made, int file, int donor)
    {
        if (description.Count == 0 || description[description.Count - 1] is not { Kind: ChangePieceKind.Copy } last)
        {
            return;
        }

        var source = _files[description.Bases[last.Base].Name == NameOf(file) ? file : donor]!;
        var page = (made.Size - 1) & -Page.Size;
        var from = last.Offset + (page - last.Start);
        if (last.Start <= page && from % Page.Size == 0 && last.Offset + last.Length == source.Size)
        {
            source.PageAt((int)from / Page.Size).CopyTo(made.PageAt(page / Page.Size));
        }
    }
}
