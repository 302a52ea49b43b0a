
namespace Reflink.Studies.Traces.Formats;

// How the lines of a trace are read.
internal interface ILineFormat
{
    bool IsBlockLevel { get; }

    IReadOnlyList<string> Notes => [];

    // Adds the line's requests; says what is wrong with the line, or null.
    string? Parse(ReadOnlySpan<char> line, long number, Queue<TraceRequest> requests);
}
