using Reflink.Descriptions.Pieces;

namespace Reflink.Descriptions.Formats;

/// <summary>
/// How an edit or a piece is written in text and in JSON: its name, its numbers in order, whether bytes follow, and whether old bytes may. Both
/// formats, and the binary one, are read and written by this table.
/// </summary>
internal sealed class EditForm
{
    /// <summary>The key of bytes.</summary>
    public const string BytesKey = "bytes";

    /// <summary>The key of the bytes that are replaced.</summary>
    public const string OldKey = "old";

    /// <summary>The key of the number of a base.</summary>
    public const string BaseKey = "base";

    private const string Offset = "offset";
    private const string LengthKey = "length";
    private const string Value = "value";

    private EditForm(string name, Action<ChangeDescription.Builder, long[], ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> apply, params string[] numbers) =>
        (Name, Apply, Numbers) = (name, apply, numbers);

    /// <summary>The next bytes of the result are those of a base.</summary>
    public static EditForm Copy { get; } = new("copy", (b, n, _, _) => b.CloneRange(BaseOf(n[0]), n[1], n[2], b.Size), BaseKey, Offset, LengthKey) { IsPiece = true };

    /// <summary>The next bytes of the result are these.</summary>
    public static EditForm Data { get; } = new("data", (b, _, bytes, _) => b.Append(bytes.Span)) { IsPiece = true, HasBytes = true };

    /// <summary>The next bytes of the result are one byte over and over.</summary>
    public static EditForm Fill { get; } = new("fill", (b, n, _, _) => b.Fill(b.Size, n[1], ByteOf(n[0])), Value, LengthKey) { IsPiece = true };

    /// <summary>The next pages of the result are zero.</summary>
    public static EditForm Hole { get; } = new("hole", (b, n, _, _) => b.Fill(b.Size, n[0], 0), LengthKey) { IsPiece = true };

    /// <summary>Every piece and every edit.</summary>
    public static IReadOnlyList<EditForm> All { get; } =
    [
        Copy, Data, Fill, Hole,
        new("write", Write, Offset) { HasBytes = true, HasOld = true },
        new("insert", (b, n, bytes, _) => b.Insert(n[0], bytes.Span), Offset) { HasBytes = true },
        new("append", (b, _, bytes, _) => b.Append(bytes.Span)) { HasBytes = true },
        new("delete", (b, n, _, _) => b.Delete(n[0], n[1]), Offset, LengthKey),
        new("truncate", (b, n, _, _) => b.Truncate(n[0]), "size"),
        new("punch", (b, n, _, _) => b.Punch(n[0], n[1]), Offset, LengthKey),
        new("zero", (b, n, _, _) => b.Zero(n[0], n[1]), Offset, LengthKey),
        new("fill-at", (b, n, _, _) => b.Fill(n[0], n[1], ByteOf(n[2])), Offset, LengthKey, Value),
        new("collapse", (b, n, _, _) => b.Collapse(n[0], n[1]), Offset, LengthKey),
        new("insert-hole", (b, n, _, _) => b.InsertHole(n[0], n[1]), Offset, LengthKey),
        new("clone", (b, n, _, _) => b.CloneRange(BaseOf(n[0]), n[1], n[2], n[3]), BaseKey, "from", LengthKey, "to"),
    ];

    /// <summary>What it is called.</summary>
    public string Name { get; }

    /// <summary>The keys of its numbers, in the order in which text has them.</summary>
    public IReadOnlyList<string> Numbers { get; }

    /// <summary>Whether bytes belong to it.</summary>
    public bool HasBytes { get; private init; }

    /// <summary>Whether the bytes that are replaced may be named.</summary>
    public bool HasOld { get; private init; }

    /// <summary>Whether it is a piece of a canonical description; others are edits.</summary>
    public bool IsPiece { get; private init; }

    /// <summary>Does it.</summary>
    public Action<ChangeDescription.Builder, long[], ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> Apply { get; }

    /// <summary>The form of that name, or null.</summary>
    public static EditForm? Find(string name) => All.FirstOrDefault(f => f.Name == name);

    private static void Write(ChangeDescription.Builder builder, long[] numbers, ReadOnlyMemory<byte> bytes, ReadOnlyMemory<byte> old)
    {
        if (old.IsEmpty)
        {
            builder.Write(numbers[0], bytes.Span);
        }
        else
        {
            builder.Write(numbers[0], bytes.Span, old.Span);
        }
    }

    private static int BaseOf(long number) => number is >= 0 and <= DescriptionLimits.MaxBases ? (int)number : -1;

    private static byte ByteOf(long number) => number is >= 0 and <= byte.MaxValue
        ? (byte)number
        : throw new ReflinkException(Errno.EINVAL, $"the value {number} is no byte; name one from 0 to 255");
}
