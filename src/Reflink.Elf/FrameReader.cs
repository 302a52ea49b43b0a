namespace Reflink.Elf;

/// <summary>The functions of a frame table, <c>.eh_frame</c> (LSB, "Exception Frames"): one description each, with address and length.</summary>
internal sealed class FrameReader(ElfImage image, FrameRegion region)
{
    /// <summary>A length of all ones says that the length follows in 8 bytes.</summary>
    private const uint ExtendedLength = 0xffffffff;

    private readonly Dictionary<ulong, FrameCie> _cies = [];

    /// <summary>All descriptions from the region's begin to its terminator, a length of zero, or its end.</summary>
    internal List<FunctionEntry> ReadAll()
    {
        var functions = new List<FunctionEntry>();
        for (var position = region.Offset; position < region.End;)
        {
            var cursor = Open(position);
            if (cursor.Position == cursor.End)
            {
                break;
            }

            position = cursor.End;
            AddTo(functions, ref cursor);
        }

        return functions;
    }

    /// <summary>Adds the function that the entry at the file offset describes, if it describes one.</summary>
    internal void AddTo(List<FunctionEntry> functions, ulong position)
    {
        var cursor = Open(position);
        AddTo(functions, ref cursor);
    }

    /// <summary>The entry at the file offset, behind its length; empty if it is the terminator.</summary>
    private FrameCursor Open(ulong position)
    {
        var cursor = new FrameCursor(image, region, position, region.End);
        ulong length = cursor.U32();
        length = length == ExtendedLength ? cursor.U64() : length;
        var start = cursor.Position;
        cursor.Take(length);
        return new(image, region, start, start + length);
    }

    /// <summary>A signal trampoline is no function: nobody calls it, and its description begins one byte early on purpose.</summary>
    private void AddTo(List<FunctionEntry> functions, ref FrameCursor cursor)
    {
        var start = cursor.Position;
        var distance = cursor.U32();
        if (distance == 0)
        {
            return;
        }

        var cie = CieAt(unchecked(start - distance));
        if (!cie.IsSignalFrame)
        {
            var address = cursor.Pointer(cie.PointerEncoding);
            functions.Add(new(address, cursor.Value(cie.PointerEncoding), null));
        }
    }

    private FrameCie CieAt(ulong position)
    {
        if (_cies.TryGetValue(position, out var known))
        {
            return known;
        }

        if (position < region.Offset || position >= region.End)
        {
            throw NoCie(position);
        }

        var cursor = Open(position);
        var cie = cursor.U32() == 0 ? FrameCie.Read(image, ref cursor) : throw NoCie(position);
        _cies.Add(position, cie);
        return cie;
    }

    private ReflinkException NoCie(ulong position) =>
        image.Bad($"is malformed: its frame table refers to an entry at 0x{position:x} that is not there; take the sites from its symbols");
}
