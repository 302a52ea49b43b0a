namespace Reflink.Studies.Traces;

// How the lines of a trace are read.
internal interface ILineFormat
{
    bool IsBlockLevel { get; }

    IReadOnlyList<string> Notes => [];

    // What is wrong with the line, or null; a request without pages if the line touches none.
    string? Parse(ReadOnlySpan<char> line, long number, out TraceRequest request);
}
