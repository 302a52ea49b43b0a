using Reflink.Studies.Traces.Formats;

namespace Reflink.Studies.Traces.Calls;

/// <summary>What calls do to open files, and which of them read and write pages.</summary>
internal sealed class FileCalls
{
    /// <summary>The calls that strace is to print: those that <see cref="Take"/> knows. A question mark: not every architecture has it.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "?open", "openat", "?openat2", "?creat", "close", "?close_range", "dup", "?dup2", "dup3", "fcntl", "clone", "?clone3", "?fork", "?vfork",
        "lseek", "?fstat", "?newfstatat", "?statx", "ftruncate", "read", "readv", "pread64", "preadv", "?preadv2", "write", "writev", "pwrite64", "pwritev", "?pwritev2",
        "?copy_file_range", "sendfile", "splice", "mmap", "?io_uring_setup", "?io_uring_enter", "io_submit",
    ];

    private readonly Descriptors _descriptors = new();
    private readonly Transfers _transfers = new();
    private long _mappings;
    private long _writableMappings;
    private long _submitted;
    private long _copies;

    public IReadOnlyList<string> Notes
    {
        get
        {
            var notes = new List<string>(_transfers.Notes);
            Say(_mappings, $"left out, as accesses leave no line: {Counted.Of(_mappings, "mapping")} of files, {_writableMappings} of them writable and shared");
            Say(_submitted, $"left out, as they leave no line: {Counted.Of(_submitted, "operation")} submitted to io_uring or by io_submit");
            Say(_copies, $"taken for reads and writes: {Counted.Of(_copies, "call")} of copy_file_range; a filesystem that shares the blocks instead does neither");
            return notes;

            void Say(long count, string note)
            {
                if (count > 0)
                {
                    notes.Add(note);
                }
            }
        }
    }

    /// <summary>A call began and others came before its result: a child may be among them.</summary>
    public void Begin(int process, ReadOnlySpan<char> line)
    {
        if (line[..Math.Max(0, line.IndexOf('('))] is "clone" or "clone3" or "fork" or "vfork")
        {
            _descriptors.BeginFork(process, IsThread(line));
        }
    }

    /// <summary>Takes a call with its result; says what is wrong with it, or null.</summary>
    public string? Take(int process, in StraceCall call, Queue<TraceRequest> requests)
    {
        if (call.Name is "clone" or "clone3" or "fork" or "vfork")
        {
            _descriptors.EndFork(process, IsThread(call.Arguments), (int)call.Result);
            return null;
        }

        if (call.Result < 0)
        {
            return null;
        }

        var rest = call.Arguments;
        switch (call.Name)
        {
            case "open" or "openat" or "openat2" or "creat":
                Open(process, call);
                return null;
            case "mmap":
                var isOfFile = rest.Contains("</", StringComparison.Ordinal);
                _mappings += isOfFile ? 1 : 0;
                _writableMappings += isOfFile && rest.Contains("PROT_WRITE", StringComparison.Ordinal) && rest.Contains("MAP_SHARED", StringComparison.Ordinal) ? 1 : 0;
                return null;
            case "io_uring_enter" or "io_submit":
                _submitted += call.Result;
                return null;
            case "copy_file_range" or "sendfile" or "splice":
                _copies += call.Name is "copy_file_range" ? 1 : 0;
                return Copy(process, call, requests);
            default:
                return StraceCall.TryTakeDescriptor(ref rest, out var descriptor, out var path) ? OfDescriptor(process, descriptor, path, rest, call, requests) : null;
        }
    }

    private static bool IsThread(ReadOnlySpan<char> text) => text.Contains("CLONE_FILES", StringComparison.Ordinal);

    private void Open(int process, in StraceCall call)
    {
        // Behind the path, which may be named as a flag is.
        var flags = call.Arguments[(call.Arguments.LastIndexOf('"') + 1)..];
        var isAppending = flags.Contains("O_APPEND", StringComparison.Ordinal);
        _descriptors[process, (int)call.Result] = new OpenFile { Appends = isAppending };
        if (call.Name is "creat" || flags.Contains("O_TRUNC", StringComparison.Ordinal) || flags.Contains("O_EXCL", StringComparison.Ordinal))
        {
            _transfers.Length(call.ResultPath)?.Is(0);
        }
    }

    private string? OfDescriptor(int process, int descriptor, ReadOnlySpan<char> path, ReadOnlySpan<char> rest, in StraceCall call, Queue<TraceRequest> requests)
    {
        switch (call.Name)
        {
            case "close" or "close_range":
                _descriptors.Close(process, descriptor, call.Name is "close" ? descriptor : call.NumberFromLast(1) ?? long.MaxValue);
                return null;
            case "dup" or "dup2" or "dup3":
            case "fcntl" when rest.StartsWith("F_DUPFD"):
                _descriptors[process, (int)call.Result] = _descriptors[process, descriptor];
                return null;
            case "fcntl" when rest.StartsWith("F_SETFL"):
                _descriptors[process, descriptor].Appends = rest.Contains("O_APPEND", StringComparison.Ordinal);
                return null;
            case "lseek":
                _descriptors[process, descriptor].Position = call.Result;
                if (call.FromLast(0) is "SEEK_END" && call.NumberFromLast(1) is { } behind)
                {
                    _transfers.Length(path)?.Is(call.Result - behind);
                }

                return null;
            case "fstat":
            case "newfstatat" or "statx" when rest.StartsWith("\"\""):
                _transfers.Length(path)?.IsSaidIn(rest);
                return null;
            case "ftruncate":
                _transfers.Length(path)?.Is(call.NumberFromLast(0) ?? 0);
                return null;
        }

        return Transfer(_descriptors[process, descriptor], path, call, requests);
    }

    private string? Transfer(OpenFile file, ReadOnlySpan<char> path, in StraceCall call, Queue<TraceRequest> requests)
    {
        // Arguments from the last: the offset, before it in preadv2 and pwritev2 the flags.
        var isPlaced = call.Name[0] == 'p';
        var offset = isPlaced ? call.NumberFromLast(call.Name[^1] == '2' ? 1 : 0) : null;
        if (isPlaced && offset is null)
        {
            return $"'{TraceText.Short(call.Arguments)}' has no offset";
        }

        // What -1 says in preadv2 and pwritev2: the file's own position.
        offset = offset == -1 ? null : offset;
        TraceRequest request;
        switch (call.Name)
        {
            case "read" or "pread64":
                return Enqueue(_transfers.Read(file, path, offset, call.Result, call.NumberFromLast(isPlaced ? 1 : 0), out request), requests, request);
            case "readv" or "preadv" or "preadv2":
                return Enqueue(_transfers.Read(file, path, offset, call.Result, null, out request), requests, request);
            case "write" or "writev" or "pwrite64" or "pwritev" or "pwritev2":
                var isAppending = call.FromLast(0).Contains("RWF_APPEND", StringComparison.Ordinal);
                return Enqueue(_transfers.Write(file, path, offset, call.Result, isAppending, out request), requests, request);
            default:
                return null;
        }
    }

    // FROM, its offset, TO, its offset, length; of sendfile TO, FROM, the offset of FROM, length.
    private string? Copy(int process, in StraceCall call, Queue<TraceRequest> requests)
    {
        var rest = call.Arguments;
        var isSend = call.Name is "sendfile";
        long? firstOffset = null;
        if (!StraceCall.TryTakeDescriptor(ref rest, out var first, out var firstPath) || !(isSend || StraceCall.TryTakeOffset(ref rest, out firstOffset))
            || !StraceCall.TryTakeDescriptor(ref rest, out var second, out var secondPath) || !StraceCall.TryTakeOffset(ref rest, out var secondOffset))
        {
            return $"'{TraceText.Short(call.Arguments)}' has no two descriptors with their offsets";
        }

        var (a, b) = (_descriptors[process, first], _descriptors[process, second]);
        var problem = isSend ? _transfers.Read(b, secondPath, secondOffset, call.Result, null, out var read)
            : _transfers.Read(a, firstPath, firstOffset, call.Result, null, out read);
        TraceRequest written = default;
        problem ??= isSend ? _transfers.Write(a, firstPath, null, call.Result, isAppending: false, out written)
            : _transfers.Write(b, secondPath, secondOffset, call.Result, isAppending: false, out written);
        return Enqueue(problem, requests, read, written);
    }

    private static string? Enqueue(string? problem, Queue<TraceRequest> requests, params ReadOnlySpan<TraceRequest> found)
    {
        foreach (var request in found)
        {
            if (problem is null && request.Pages > 0)
            {
                requests.Enqueue(request);
            }
        }

        return problem;
    }
}
