namespace Reflink.Studies.Traces;

// A trace of one format, request by request.
internal interface ITraceSource : IDisposable
{
    // Lines that were malformed, passed over, and are within the limit.
    IReadOnlyList<string> Malformed => [];

    // What a reader of results must know: calls that left no trace, and the like.
    IReadOnlyList<string> Notes => [];

    // Whether the requests lie below the page cache.
    bool IsBlockLevel { get; }

    bool TryRead(out TraceRequest request);
}
