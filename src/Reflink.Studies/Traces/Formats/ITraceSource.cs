
namespace Reflink.Studies.Traces.Formats;

// A trace of one format, request by request.
internal interface ITraceSource : IDisposable
{
    // Lines that were malformed, passed over, and are within the limit.
    IReadOnlyList<string> Malformed => [];

    // What a reader of results must know: calls that left no trace, and the like.
    IReadOnlyList<string> Notes => [];

    // Whether the requests lie below the page cache.
    bool IsBlockLevel { get; }

    // Whether pages with numbers side by side lie side by side, so that one may be read ahead of the other.
    bool HasNeighbours => true;

    bool TryRead(out TraceRequest request);
}
