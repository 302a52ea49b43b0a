using System.Runtime.InteropServices;
using Reflink.Measuring;
using Reflink.Vm;

namespace Reflink.Benchmarks.Cached;

/// <summary>Eight bytes of random pages of a mapping, loaded and stored, beside native memory through a pointer and one check of its bounds.</summary>
internal sealed unsafe class MappedFile : IDisposable
{
    public const string Loading = "load 8 bytes of a page of 64 MiB, mapped";
    public const string Storing = "store 8 bytes to a page of 64 MiB, mapped";
    public const string Pointer = "a pointer, checked";

    private const int Mebibytes = 64;
    private const long Bytes = (long)Mebibytes << 20;
    private const int Operations = 2048;
    private const int Stretches = 40;

    private readonly Machine _machine = new(new MachineOptions { Memory = 2 * Bytes });
    private readonly OpenFile _file;
    private readonly AddressSpace _memory;
    private readonly long _address;
    private readonly byte* _bare = (byte*)NativeMemory.AlignedAlloc((nuint)Bytes, Page.Size);
    private readonly RandomPages _pages = new(Mebibytes);
    private long _sum;

    public MappedFile()
    {
        _file = _machine.Volume.Create("/file");
        _memory = _machine.Processes.Spawn(_machine.Processes.User(0), "mapper").Memory;
        var page = new byte[Page.Size];
        for (var at = 0L; at < Bytes; at += Page.Size)
        {
            BitConverter.TryWriteBytes(page, at);
            _file.Write(at, page);
            page.CopyTo(new Span<byte>(_bare + at, Page.Size));
        }

        _address = _memory.Map(_file, 0, Bytes, Protection.ReadWrite, MappingKind.Shared);
        for (var at = 0L; at < Bytes; at += Page.Size)
        {
            // Each page is faulted in and writable before anything is measured.
            _memory.Store(_address + at, BitConverter.GetBytes(at));
            if (_memory.Load<long>(_address + at) != *(long*)(_bare + at))
            {
                throw new InvalidOperationException($"the mapping shows other bytes at {at}");
            }
        }

        Contestants =
        [
            new Contestant(Loading, Contestant.Ours, lap => Run(lap, at => _sum += _memory.Load<long>(_address + at))),
            new Contestant(Loading, Pointer, lap => Run(lap, at => _sum += *(long*)Checked(at))),
            new Contestant(Storing, Contestant.Ours, lap => Run(lap, at => Store(at))),
            new Contestant(Storing, Pointer, lap => Run(lap, at => *(long*)Checked(at) = at)),
        ];
    }

    public IReadOnlyList<Contestant> Contestants { get; }

    public void Dispose()
    {
        _file.Dispose();
        _machine.Dispose();
        NativeMemory.AlignedFree(_bare);
    }

    private void Store(long at)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BitConverter.TryWriteBytes(bytes, at);
        _memory.Store(_address + at, bytes);
    }

    private byte* Checked(long at) => at is >= 0 and < Bytes ? _bare + at : throw new ArgumentOutOfRangeException(nameof(at));

    private void Run(Lap lap, Action<long> act)
    {
        for (var stretch = 0; stretch < Stretches; stretch++)
        {
            lap.Start();
            for (var n = 0; n < Operations; n++)
            {
                act(_pages.Next());
            }

            lap.Stop(Operations);
        }
    }
}
