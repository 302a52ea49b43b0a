using System.Text.Json;
using Reflink.Units;

namespace Reflink.Studies.Watching;

/// <summary>Writes the Chrome trace event format ("Trace Event Format", catapult project), an entry a line. Slices that are open at the end end there.</summary>
internal sealed class TraceWriter : IDisposable
{
    private readonly Stream _stream;
    private readonly Utf8JsonWriter _json;
    private readonly SortedDictionary<(int, int), (Stack<string> Open, long Last)> _slices = [];
    private bool _hasEntries;

    public TraceWriter(Stream stream)
    {
        (_stream, _json) = (stream, new Utf8JsonWriter(stream));
        _stream.Write("{\"displayTimeUnit\":\"ns\",\"traceEvents\":["u8);
    }

    /// <summary>Gives a track, or with process_name its process, a name.</summary>
    public void Name(string kind, TraceTrack track, string name)
    {
        Start("M", kind, track);
        _json.WriteStartObject("args");
        _json.WriteString("name", name);
        _json.WriteEndObject();
        End();
    }

    /// <summary>A slice begins.</summary>
    public void Begin(string name, TraceTrack track, long time)
    {
        Note(track, time).Push(name);
        Start("B", name, track);
        Time(time);
        End();
    }

    /// <summary>The slice that began last ends, if one is open. It is named again: speedscope takes an end without a name for that of another slice.</summary>
    public void End(TraceTrack track, long time)
    {
        if (Note(track, time).TryPop(out var name))
        {
            Start("E", name, track);
            Time(time);
            End();
        }
    }

    /// <summary>All slices of a track end.</summary>
    public void EndAll(TraceTrack track, long time)
    {
        while (Note(track, time).Count > 0)
        {
            End(track, time);
        }
    }

    /// <summary>Something happens.</summary>
    public void Instant(string name, TraceTrack track, long time, ReadOnlySpan<EventField> fields)
    {
        Note(track, time);
        Start("i", name, track);
        Time(time);
        _json.WriteString("s", "t");
        _json.WriteStartObject("args");
        foreach (var field in fields)
        {
            _json.WriteNumber(field.Name, field.Value);
        }

        _json.WriteEndObject();
        End();
    }

    /// <summary>A counter of a process has a value from now on.</summary>
    public void Counter(string name, int process, long time, long value)
    {
        Start("C", name, new(process, 0));
        Time(time);
        _json.WriteStartObject("args");
        _json.WriteNumber(name, value);
        _json.WriteEndObject();
        End();
    }

    public void Dispose()
    {
        foreach (var ((process, thread), (_, last)) in _slices.ToList())
        {
            EndAll(new(process, thread), last);
        }

        _stream.Write("\n]}\n"u8);
        _json.Dispose();
    }

    // Slices of the track that are open.
    private Stack<string> Note(TraceTrack track, long time)
    {
        var open = _slices.GetValueOrDefault((track.Process, track.Thread)).Open ?? [];
        _slices[(track.Process, track.Thread)] = (open, time);
        return open;
    }

    private void Start(string kind, string name, TraceTrack track)
    {
        _stream.Write(_hasEntries ? ",\n"u8 : "\n"u8);
        _hasEntries = true;
        _json.WriteStartObject();
        _json.WriteString("ph", kind);
        _json.WriteString("name", name);
        _json.WriteNumber("pid", track.Process);
        _json.WriteNumber("tid", track.Thread);
    }

    // Microseconds, with the nanoseconds behind the point.
    private void Time(long time) => _json.WriteNumber("ts", time / 1000m);

    private void End()
    {
        _json.WriteEndObject();
        _json.Flush();
        _json.Reset();
    }
}
