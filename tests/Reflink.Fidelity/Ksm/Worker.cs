using System.Buffers.Binary;
using System.IO.Pipes;
using System.Text;
using Reflink.Units;

namespace Reflink.Fidelity.Ksm;

/// <summary>A process that does the system calls it is told; it ends when its input does, so that none is left behind.</summary>
internal sealed class Worker : IDisposable
{
    private const int Read = 0;
    private const int Open = 2;
    private const int Close = 3;
    private const int Fork = 57;
    private const int ReadAt = 17;
    private const int WriteAt = 18;
    private const int ExitGroup = 231;
    private const int WriteOnly = 1;
    private readonly Stream _to;
    private readonly Stream _from;
    private readonly WorkerFiles _files;
    private readonly ulong _stack;

    /// <summary>The first one: its program was started with these as input and output.</summary>
    public Worker(int id, Stream to, Stream from, Func<Worker, WorkerFiles> files)
    {
        (Id, _to, _from) = (id, to, from);
        _stack = (ulong)Reply();
        _files = files(this);
    }

    private Worker(int id, Stream to, Stream from, Worker parent) => (Id, _to, _from, _stack, _files) = (id, to, from, parent._stack, parent._files);

    /// <summary>The kernel's number of the process.</summary>
    public int Id { get; }

    /// <summary>Does a system call; returns its result, negative if it is an error.</summary>
    public long Call(long number, params ReadOnlySpan<ulong> arguments)
    {
        Send(number, arguments);
        return Reply();
    }

    /// <summary>Does a system call that may fail; returns why it did.</summary>
    public Errno? Try(long number, params ReadOnlySpan<ulong> arguments) => Call(number, arguments) is var result and < 0 and > -4096 ? (Errno)(-result) : null;

    /// <summary>Does a system call that cannot fail.</summary>
    public long Must(long number, params ReadOnlySpan<ulong> arguments) => Call(number, arguments) is var result && (result >= 0 || result <= -4096)
        ? result
        : throw new IOException($"system call {number} of a worker: error {-result}");

    /// <summary>Stores bytes, as a store of its own does.</summary>
    public Errno? Store(ulong address, ReadOnlySpan<byte> bytes)
    {
        _files.Put(bytes);
        return Try(ReadAt, WorkerFiles.Scratch, address, (ulong)bytes.Length, 0);
    }

    /// <summary>Loads a word, as a load of its own does.</summary>
    public Errno? Load(ulong address, out ulong word)
    {
        word = 0;
        if (Try(WriteAt, WorkerFiles.Scratch, address, sizeof(ulong), 0) is { } error)
        {
            return error;
        }

        word = _files.Word();
        return null;
    }

    /// <summary>Forks; the child has an input and output of its own.</summary>
    public Worker MakeChild()
    {
        var to = new AnonymousPipeServerStream(PipeDirection.Out);
        var from = new AnonymousPipeServerStream(PipeDirection.In);
        var input = OpenPipe(to, Read);
        var output = OpenPipe(from, WriteOnly);
        to.DisposeLocalCopyOfClientHandle();
        from.DisposeLocalCopyOfClientHandle();
        var child = new Worker((int)Must(Fork, input, output), to, from, this);
        _ = child.Reply();
        foreach (var worker in (Worker[])[this, child])
        {
            worker.Must(Close, input);
            worker.Must(Close, output);
        }

        return child;
    }

    /// <summary>Where its stack lies, and its program: the anonymous memory, and the private mapping, that no script made.</summary>
    public IEnumerable<(ulong Start, ulong End)> OwnMappings() =>
        from line in File.ReadLines($"/proc/{Id}/maps")
        where line.EndsWith("[stack]", StringComparison.Ordinal) || line.StartsWith($"{WorkerImage.Start:x8}-", StringComparison.Ordinal)
        let range = line.Split(' ')[0].Split('-')
        select (Convert.ToUInt64(range[0], 16), Convert.ToUInt64(range[1], 16));

    /// <summary>Ends it; its memory is gone when this returns, for a process lets go of its files after its memory.</summary>
    public void Dispose()
    {
        try
        {
            Send(ExitGroup, [0]);
            _ = _from.ReadByte();
        }
        catch (IOException)
        {
            // It has ended before.
        }

        _to.Dispose();
        _from.Dispose();
    }

    private ulong OpenPipe(AnonymousPipeServerStream pipe, ulong mode)
    {
        var path = $"/proc/{Environment.ProcessId}/fd/{pipe.ClientSafePipeHandle.DangerousGetHandle()}\0";
        var address = _stack + WorkerImage.ScratchOffset;
        if (Store(address, Encoding.ASCII.GetBytes(path)) is { } error)
        {
            throw new IOException($"a worker's stack: {error}");
        }

        return (ulong)Must(Open, address, mode);
    }

    private void Send(long number, ReadOnlySpan<ulong> arguments)
    {
        Span<byte> call = stackalloc byte[WorkerImage.CallBytes];
        call.Clear();
        BinaryPrimitives.WriteInt64LittleEndian(call, number);
        for (var i = 0; i < arguments.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(call[((i + 1) * sizeof(ulong))..], arguments[i]);
        }

        _to.Write(call);
        _to.Flush();
    }

    private long Reply()
    {
        Span<byte> reply = stackalloc byte[sizeof(long)];
        _from.ReadExactly(reply);
        return BinaryPrimitives.ReadInt64LittleEndian(reply);
    }
}
