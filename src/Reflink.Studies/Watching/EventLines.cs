using System.Text.Json;
using Reflink.Studies.Scenarios.Measures;
using Reflink.Units;

namespace Reflink.Studies.Watching;

/// <summary>
/// Writes the events of a run as JSON, a line each: <c>{"time":9320,"event":"page_fault_user","account":"reader-1","address":4096,…}</c>. Times are nanoseconds since the run
/// began; those of one account never go back.
/// </summary>
public sealed class EventLines : IRunObserver, IDisposable
{
    private readonly RunTracks _tracks = new();
    private readonly Stream _stream;
    private readonly Utf8JsonWriter _json;

    /// <summary>Writes to a stream, which stays open.</summary>
    public EventLines(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _stream = stream;
        _json = new Utf8JsonWriter(stream);
    }

    /// <inheritdoc/>
    public void SwitchedOn(Machine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        _tracks.SwitchedOn(machine);
        machine.Events.Listener += Write;
    }

    /// <inheritdoc/>
    public void StepBegins(string step, RunMoment now) => _tracks.Now();

    /// <inheritdoc/>
    public void StepEnds(string? outcome, RunMoment now) => _tracks.Now();

    /// <inheritdoc/>
    public void Sampled(string label, RunMoment now) => _tracks.Now();

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();

    private void Write(MachineEvent told)
    {
        _json.WriteStartObject();
        _json.WriteNumber("time", _tracks.Time(told.Time));
        _json.WriteString("event", told.Name);
        _json.WriteString("account", _tracks.NameOf(told.Account));
        foreach (var field in told.Fields)
        {
            _json.WriteNumber(field.Name, field.Value);
        }

        _json.WriteEndObject();
        _json.Flush();
        _json.Reset();
        _stream.WriteByte((byte)'\n');
    }
}
