using System.Globalization;
using Reflink.Units;

namespace Reflink.Studies.Traces.Formats;

/// <summary>Which columns of a CSV trace say what; columns are numbered from 1.</summary>
public sealed record CsvLayout
{
    /// <summary>Where a request begins.</summary>
    public int Offset { get; init; }

    /// <summary>How long it is; 0: no column, each is one page.</summary>
    public int Length { get; init; }

    /// <summary>Read or write; 0: no column, all are reads. Writes are w, write, 1, 2a and 0x2a, reads r, read, 0, 28 and 0x28.</summary>
    public int Operation { get; init; }

    /// <summary>Columns that together name the file or disk; none: there is one.</summary>
    public IReadOnlyList<int> File { get; init; } = [];

    /// <summary>Bytes that offsets count in.</summary>
    public long OffsetUnit { get; init; } = 1;

    /// <summary>Bytes that lengths count in.</summary>
    public long LengthUnit { get; init; } = 1;

    /// <summary>Whether the first line names the columns.</summary>
    public bool HasHeader { get; init; }

    /// <summary>What stands between columns.</summary>
    public char Delimiter { get; init; } = ',';

    /// <summary>Whether the trace was taken below the page cache.</summary>
    public bool IsBlockLevel { get; init; } = true;

    /// <summary>The traces that many people have, by name.</summary>
    public static IReadOnlyDictionary<string, CsvLayout> Presets { get; } = new Dictionary<string, CsvLayout>
    {
        // Timestamp,Hostname,DiskNumber,Type,Offset,Size,ResponseTime; bytes (SNIA IOTTA 388)
        ["msr"] = new() { File = [2, 3], Operation = 4, Offset = 5, Length = 6 },

        // device_id,opcode,offset,length,timestamp; bytes (Alibaba block traces 2020)
        ["alibaba"] = new() { File = [1], Operation = 2, Offset = 3, Length = 4 },

        // Timestamp,Offset,Size,IOType,VolumeID; sectors (Tencent CBS 2018)
        ["tencent"] = new() { Offset = 2, Length = 3, Operation = 4, File = [5], OffsetUnit = 512, LengthUnit = 512 },

        // version,time,op,size,lbn; bytes, sectors (CloudPhysics)
        ["cloudphysics"] = new() { Operation = 3, Length = 4, Offset = 5, OffsetUnit = 512, HasHeader = true },
    };

    /// <summary>Reads a layout as it is typed, such as <c>offset=5,length=6,op=4,file=2+3,unit=512,header,delimiter=;,files</c>.</summary>
    /// <exception cref="ReflinkException">EINVAL: a word that is none, or no offset.</exception>
    public static CsvLayout Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var layout = new CsvLayout();
        foreach (var part in text.Split(','))
        {
            var (name, value) = part.Split('=', 2) is [var n, var v] ? (n, v) : (part, "");
            layout = name switch
            {
                "offset" => layout with { Offset = Column(value) },
                "length" => layout with { Length = Column(value) },
                "op" => layout with { Operation = Column(value) },
                "file" => layout with { File = [.. value.Split('+').Select(Column)] },
                "unit" => layout with { OffsetUnit = Column(value), LengthUnit = Column(value) },
                "offset-unit" => layout with { OffsetUnit = Column(value) },
                "length-unit" => layout with { LengthUnit = Column(value) },
                "header" => layout with { HasHeader = true },
                "files" => layout with { IsBlockLevel = false },
                "delimiter" => layout with { Delimiter = value switch { "tab" => '\t', "space" => ' ', "comma" => ',', [var c] => c, _ => throw Bad(part) } },
                _ => throw Bad(part),
            };

            int Column(string number) => int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var column) && column > 0 ? column : throw Bad(part);
        }

        return layout.Offset > 0 ? layout : throw Bad(text);
    }

    private static ReflinkException Bad(string part) => new(
        Errno.EINVAL, $"'{part}' says no columns; such as offset=5,length=6,op=4,file=2+3,unit=512,header,delimiter=tab, of which offset must be there");
}
