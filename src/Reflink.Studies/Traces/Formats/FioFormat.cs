using System.Globalization;
using Reflink.Units;

namespace Reflink.Studies.Traces.Formats;

// fio's logs of I/O (fio(1), write_iolog), version 2: FILE ACTION [OFFSET LENGTH], version 3: the same behind a time.
internal sealed class FioFormat : ILineFormat
{
    private static readonly string[] s_idle = ["add", "open", "close", "sync", "datasync", "trim", "wait"];
    private readonly FileNumbers _files = new();
    private int _version;

    public bool IsBlockLevel { get; private set; }

    public string? Parse(ReadOnlySpan<char> line, long number, Queue<TraceRequest> requests)
    {
        if (number == 1)
        {
            _version = line is "fio version 2 iolog" ? 2 : line is "fio version 3 iolog" ? 3 : 0;
            return _version == 0 ? "wants 'fio version 2 iolog' or 3" : null;
        }

        var rest = line;
        if (_version == 3 && !ulong.TryParse(TraceText.Word(ref rest), NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            return $"'{TraceText.Short(line)}' has no time";
        }

        var file = TraceText.Word(ref rest);
        var action = TraceText.Word(ref rest);
        if (action is not ("read" or "write"))
        {
            return s_idle.AsSpan().Contains(action.ToString()) ? null : $"'{TraceText.Short(line)}' has no action that fio knows";
        }

        if (!long.TryParse(TraceText.Word(ref rest), NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
            || !long.TryParse(TraceText.Word(ref rest), NumberStyles.None, CultureInfo.InvariantCulture, out var length) || !rest.IsEmpty)
        {
            return $"'{TraceText.Short(line)}' wants an offset and a length";
        }

        IsBlockLevel |= file.StartsWith("/dev/") && !file.StartsWith("/dev/shm/");
        return TraceRequest.TryOfBytes(_files[file], offset, length, action is "read" ? AccessKind.Read : AccessKind.Write, requests);
    }
}
