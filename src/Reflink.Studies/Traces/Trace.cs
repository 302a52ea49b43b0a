using Reflink.Cache.Simulation;
using Reflink.Studies.Traces.Formats;
using Reflink.Studies.Traces.Streams;
using Reflink.Units;

namespace Reflink.Studies.Traces;

/// <summary>
/// A trace of requests, read as accesses to pages, in bounded memory. What cannot be read ends it with an error: a trace that was read
/// in part is never taken for the whole.
/// </summary>
public sealed class Trace : IDisposable
{
    // Of 2^24 values of a page's hash, those below are kept.
    private const int SampleBits = 24;

    private readonly ITraceSource _source;
    private readonly PeekStream _packed;
    private readonly TraceInput _input;
    private readonly bool _ownsInput;
    private readonly ulong _sampled;
    private readonly ulong _seed;
    private NextUseCheck? _nextUses;
    private TraceRequest _request;
    private long _done;

    private Trace(TraceInput input, bool ownsInput, TraceOptions options)
    {
        (_input, _ownsInput) = (input, ownsInput);
        (Format, _source, _packed) = Guard(input.Path, () => TraceFormats.Open(input, options));
        (_sampled, _seed) = ((ulong)Math.Max(1, Math.Round(options.Sample * (1 << SampleBits))), (ulong)options.SampleSeed);
    }

    /// <summary>The format's name.</summary>
    public string Format { get; }

    /// <summary>Requests read so far.</summary>
    public long Requests { get; private set; }

    /// <summary>Accesses read so far, those that a sample leaves out among them.</summary>
    public long Seen { get; private set; }

    /// <summary>How much of the file was read, 0 to 1; 0 if nobody knows how long a pipe is.</summary>
    public double Progress => _input.Length == 0 ? 0 : (double)_packed.Position / _input.Length;

    /// <summary>Whether the requests lie below the page cache, so that they say nothing of what hit it.</summary>
    public bool IsBlockLevel => _source.IsBlockLevel;

    /// <summary>Whether pages with numbers side by side lie side by side; objects of a cache of objects do not.</summary>
    public bool HasNeighbours => _source.HasNeighbours;

    /// <summary>Malformed lines that were passed over, and why.</summary>
    public IReadOnlyList<string> Malformed => _source.Malformed;

    /// <summary>What else a reader must know.</summary>
    public IReadOnlyList<string> Notes => [.. _source.Notes, .. _nextUses?.Notes(Requests) ?? []];

    /// <summary>Opens a trace: plain, gzip, zstd or xz, told by its first bytes.</summary>
    /// <param name="path">A file, a device or a pipe; a dash is standard input.</param>
    /// <param name="options">How it is read.</param>
    /// <param name="cancel">Ends waiting for a pipe.</param>
    /// <exception cref="ReflinkException">ENOENT, EISDIR or EACCES; EINVAL: it is empty, or of no format that is known.</exception>
    public static Trace Open(string path, TraceOptions? options = null, CancellationToken cancel = default)
    {
        var input = TraceInput.Open(path, isReadAgain: false, cancel);
        try
        {
            return Of(input, options ?? new TraceOptions(), ownsInput: true);
        }
        catch
        {
            input.Dispose();
            throw;
        }
    }

    internal static Trace Of(TraceInput input, TraceOptions options, bool ownsInput = false)
    {
        if (options.Sample is not (> 0 and <= 1))
        {
            throw new ReflinkException(Errno.EINVAL, $"a sample of {options.Sample}; take a part above 0, up to 1");
        }

        return new Trace(input, ownsInput, options);
    }

    /// <summary>Reads the next accesses.</summary>
    /// <param name="accesses">Where they go.</param>
    /// <param name="next">Where it goes when each page is used next, as the trace says it; empty, or as long as <paramref name="accesses"/>. What was asked for is compared with what comes.</param>
    /// <returns>How many; 0 at the end.</returns>
    /// <exception cref="ReflinkException">EINVAL: the trace is malformed or truncated.</exception>
    public int Read(Span<PageAccess> accesses, Span<long> next = default)
    {
        var count = 0;
        while (count < accesses.Length)
        {
            if (_done == _request.Pages)
            {
                if (!Guard(_input.Path, TryNext))
                {
                    break;
                }

                continue;
            }

            var page = new PageKey(unchecked(_request.First.Value + (ulong)_done++));
            Seen++;
            if (!IsSampled(page))
            {
                continue;
            }

            if (!next.IsEmpty)
            {
                next[count] = _request.Next;
                if (_request.Next != TraceRequest.Unknown)
                {
                    (_nextUses ??= new NextUseCheck()).Take(page, Requests, _request.Next);
                }
            }

            accesses[count++] = new PageAccess(page, _request.Kind);
        }

        return count;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _source.Dispose();
        if (_ownsInput)
        {
            _input.Dispose();
        }
    }

    private bool TryNext()
    {
        _done = 0;
        if (!_source.TryRead(out _request))
        {
            _request = default;
            return false;
        }

        Requests++;
        return true;
    }

    // SplitMix64's finaliser.
    private bool IsSampled(PageKey page)
    {
        if (_sampled == 1ul << SampleBits)
        {
            return true;
        }

        var hash = unchecked(page.Value + (0x9E3779B97F4A7C15UL * (_seed + 1)));
        hash = unchecked((hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9UL);
        hash = unchecked((hash ^ (hash >> 27)) * 0x94D049BB133111EBUL);
        return hash >> (64 - SampleBits) < _sampled;
    }

    // Whatever a decompressor says, the user is to hear which file it was.
    private static T Guard<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is not (ReflinkException or OutOfMemoryException or OperationCanceledException))
        {
            throw new ReflinkException(Errno.EINVAL, $"'{path}' cannot be read to its end, it is damaged, truncated or followed by something else: {e.Message}", e);
        }
    }
}
