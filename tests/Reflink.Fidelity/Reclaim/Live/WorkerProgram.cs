using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Reflink.Fidelity.Reclaim.Live;

/// <summary>
/// The program of a worker: a static ELF file for x86-64 without library or heap, so that only the trace's own pages are charged to its
/// group. It maps everything, makes all page tables, writes 16 bytes (result and step), waits for a byte, plays the trace, and writes 16
/// bytes again. If a system call fails it writes the negative error and which call it was, and exits.
/// </summary>
internal sealed class WorkerProgram
{
    /// <summary>The step of the first message of a program that is well.</summary>
    public const long Ready = 1000;

    /// <summary>The step of the last message of a program that is well.</summary>
    public const long Done = 1001;

    private const ulong FileAt = 0x10_0000_0000;
    private const ulong AnonymousAt = 0x20_0000_0000;
    private const ulong BufferAt = 0x30_0000_0000;
    private const ulong FlushAt = 0x40_0000_0000;
    private const int TableBytes = 2 << 20;

    // Linux flushes page by page up to 33 pages, and everything above that (tlb_single_page_flush_ceiling).
    private const int FlushPages = 64;

    // Offsets from the stack pointer: two words of a message, descriptors, arguments of cachestat, an answer, the usage, room for a page.
    private const int FileSlot = 16;
    private const int PagemapSlot = 24;
    private const int StatSlot = 32;
    private const int UsageSlot = 40;
    private const int RangeSlot = 64;
    private const int AnswerSlot = 80;
    private const int LastUsageSlot = 128;
    private const int SwapSlot = 136;
    private const int RoomSlot = 4096;
    private const int StackBytes = 3 * 4096;

    private readonly WorkerPlan _plan;
    private readonly WorkerCode _worker = new();
    private readonly Assembler _code;

    private WorkerProgram(WorkerPlan plan)
    {
        _plan = plan;
        _code = _worker.Code;
    }

    /// <summary>Makes the file.</summary>
    public static byte[] Make(WorkerPlan plan)
    {
        var program = new WorkerProgram(plan);
        program.Prepare();
        program._worker.Tell(Ready);
        program._worker.Call(0, 0, rsp, 1);
        program.Play();
        program._worker.Tell(Done);
        program._worker.Call(0, 0, rsp, 1);
        return program._worker.Image();
    }

    private void Prepare()
    {
        _code.sub(rsp, StackBytes);
        for (var at = 0; at < StackBytes; at += Page.Size)
        {
            _code.mov(__qword_ptr[rsp + at], 0);
        }

        _code.mov(rax, 1UL << _plan.Processor);
        _code.mov(__qword_ptr[rsp + RangeSlot], rax);
        _code.lea(r13, __[rsp + RangeSlot]);
        _worker.Call(203, 0, 8, r13);                                            // sched_setaffinity
        _code.mov(__qword_ptr[rsp + RangeSlot], 1);
        _code.lea(r13, __[rsp + RangeSlot]);
        _worker.Try(144, 0, 1, r13);                                             // sched_setscheduler: first in, first out, where allowed
        _worker.Open(_plan.Buffer, 2);
        _worker.Map(BufferAt, _plan.BufferBytes, 3, 0x10_8001);                  // shared, populated
        if (_plan.FileBytes > 0)
        {
            _worker.Open(_plan.File, 2);
            _code.mov(__qword_ptr[rsp + FileSlot], rax);
            _worker.Map(FileAt, Whole(_plan.FileBytes), 3, 0x10_0001);           // shared
            MakeTables(FileAt, _plan.FileBytes, stores: false);
            _code.mov(rax, __qword_ptr[rsp + FileSlot]);
            _worker.Call(221, rax, 0, 0, 4);                                     // fadvise64, not needed
        }

        if (_plan.AnonymousBytes > 0)
        {
            _worker.Map(AnonymousAt, Whole(_plan.AnonymousBytes), 3, 0x10_4022); // private, anonymous, not reserved
            _worker.Call(28, AnonymousAt, _plan.AnonymousBytes, 15);             // madvise, no huge pages
            MakeTables(AnonymousAt, _plan.AnonymousBytes, stores: true);
            _worker.Open("/proc/self/pagemap", 0);
            _code.mov(__qword_ptr[rsp + PagemapSlot], rax);
        }

        OpenCounters();
    }

    // What is used beside the trace's own pages: memory for flushes, swap to wait for, and the group's files.
    private void OpenCounters()
    {
        _worker.Map(FlushAt, FlushPages * Page.Size, 3, 0x10_0022);              // private, anonymous
        _code.mov(rax, FlushAt);
        _code.mov(__byte_ptr[rax], 1);
        _code.mov(__byte_ptr[rax + Page.Size], 1);
        _code.mov(__byte_ptr[rax + ((FlushPages - 1) * Page.Size)], 1);
        if (_plan.SwapDevice is not null)
        {
            _worker.Open(_plan.SwapDevice, 0x4000);                              // direct
            _code.mov(__qword_ptr[rsp + SwapSlot], rax);
        }

        _worker.Open(_plan.Statistics, 0);
        _code.mov(__qword_ptr[rsp + StatSlot], rax);
        _code.lea(r13, __[rsp + RoomSlot]);
        _worker.Call(17, rax, r13, WorkerPlan.SampleBytes, 0);                   // pread64: the kernel allocates its buffer now
        _worker.Open(_plan.Usage, 0);
        _code.mov(__qword_ptr[rsp + UsageSlot], rax);
        _code.lea(r13, __[rsp + AnswerSlot]);
        _worker.Call(17, rax, r13, 32, 0);
    }

    private static long Whole(long bytes) => (bytes + TableBytes - 1) / TableBytes * TableBytes;

    // A page in each table is used and given back, with those that the fault mapped around it. The range given back is smaller than what a
    // table covers, because otherwise the kernel would free the table. So tables are charged to the group that this process comes from.
    private void MakeTables(ulong start, long bytes, bool stores)
    {
        var next = _code.CreateLabel();
        _code.mov(rbx, start);
        _code.Label(ref next);
        if (stores)
        {
            _code.mov(__byte_ptr[rbx], 1);
        }
        else
        {
            _code.mov(al, __byte_ptr[rbx]);
        }

        _worker.Call(28, rbx, TableBytes - Page.Size, 4);                        // madvise, not needed
        _code.add(rbx, TableBytes);
        _code.mov(rax, start + (ulong)bytes);
        _code.cmp(rbx, rax);
        _code.jb(next);
    }

    // rbx: the number of the access; rbp: its page's offset; r12: the buffer; r15: room for the next text; r14: the kind.
    private void Play()
    {
        var (next, anonymous, used, same, over) = (_code.CreateLabel(), _code.CreateLabel(), _code.CreateLabel(), _code.CreateLabel(), _code.CreateLabel());
        _code.mov(r12, BufferAt);
        _code.lea(r15, __[r12 + _plan.SamplesAt]);
        _worker.Call(28, FlushAt, Page.Size, 20);                                // madvise, cold: it empties the processor's batches first
        _code.xor(ebx, ebx);
        _code.Label(ref next);
        _code.cmp(rbx, _plan.Accesses);
        _code.je(over);
        _code.mov(ebp, __dword_ptr[r12 + (rbx * 4)]);
        _code.shl(rbp, Page.Shift);
        _code.movzx(r14d, __byte_ptr[r12 + rbx + _plan.KindsAt]);
        _code.cmp(r14d, (int)TouchKind.AnonymousLoad);
        _code.jae(anonymous);
        UseFile(used);
        _code.Label(ref anonymous);
        UseAnonymous();
        _code.Label(ref used);
        SettleAfterReclaim(same);
        _code.Label(ref same);
        _code.inc(rbx);
        _code.test(ebx, WorkerPlan.FlushInterval - 1);
        _code.jne(next);
        _code.mov(rax, __qword_ptr[rsp + StatSlot]);
        _worker.Call(17, rax, r15, WorkerPlan.SampleBytes, 0);
        _code.add(r15, WorkerPlan.SampleBytes);
        _code.jmp(next);
        _code.Label(ref over);
    }

    // The processor sets an accessed bit when it reads an entry of a page table, not while it has the translation already, and reclaim
    // clears bits without a flush of translations (arch/x86, ptep_clear_flush_young). So a use would be seen or not as other tasks happen to
    // push translations out. A flush after each reclaim, which is when the group's usage has fallen, makes every use seen.
    private void SettleAfterReclaim(Label same)
    {
        var (digit, whole) = (_code.CreateLabel(), _code.CreateLabel());
        _code.cmp(__byte_ptr[r12 + rbx + _plan.OutcomesAt], (int)Outcome.Present);
        _code.je(same);
        _code.lea(r13, __[rsp + AnswerSlot]);
        _code.mov(rax, __qword_ptr[rsp + UsageSlot]);
        _worker.Call(17, rax, r13, 32, 0);                                       // pread64: a decimal number and a newline
        _code.xor(ecx, ecx);
        _code.Label(ref digit);
        _code.movzx(edx, __byte_ptr[r13]);
        _code.sub(edx, '0');
        _code.cmp(edx, 9);
        _code.ja(whole);
        _code.imul(rcx, rcx, 10);
        _code.add(rcx, rdx);
        _code.inc(r13);
        _code.jmp(digit);
        _code.Label(ref whole);
        _code.mov(rax, __qword_ptr[rsp + LastUsageSlot]);
        _code.mov(__qword_ptr[rsp + LastUsageSlot], rcx);
        _code.cmp(rcx, rax);
        _code.jae(same);
        FlushTranslations();
        AwaitWrites();
    }

    // Reclaim starts writes to swap and goes on. A device takes its requests in their order, so a read that it has answered follows them:
    // when the next reclaim begins, the pages that this one wrote can be freed, however slow the device is.
    private void AwaitWrites()
    {
        if (_plan.SwapDevice is not null)
        {
            _code.mov(rax, __qword_ptr[rsp + SwapSlot]);
            _worker.Call(17, rax, FlushAt + Page.Size, Page.Size, 0);            // pread64
        }
    }

    // All of this process' translations go when two entries, far apart, lose the right to be written.
    private void FlushTranslations()
    {
        foreach (var protection in (ReadOnlySpan<int>)[1, 3])
        {
            _worker.Call(10, FlushAt, FlushPages * Page.Size, protection);       // mprotect
        }
    }

    // cachestat answers with pages cached, dirty, in writeback, evicted, and recently evicted: so recently that they are activated.
    private void UseFile(Label used)
    {
        var (known, loads, stores, writes) = (_code.CreateLabel(), _code.CreateLabel(), _code.CreateLabel(), _code.CreateLabel());
        _code.mov(__qword_ptr[rsp + RangeSlot], rbp);
        _code.mov(__qword_ptr[rsp + RangeSlot + 8], Page.Size);
        _code.lea(r13, __[rsp + RangeSlot]);
        _code.lea(rcx, __[rsp + AnswerSlot]);
        _code.mov(rax, __qword_ptr[rsp + FileSlot]);
        _worker.Call(451, rax, r13, rcx, 0);
        foreach (var (outcome, answer) in (ReadOnlySpan<(Outcome, int)>)[(Outcome.Present, 0), (Outcome.GoneLately, 4), (Outcome.Gone, 3)])
        {
            _code.mov(edx, (int)outcome);
            _code.cmp(__qword_ptr[rsp + AnswerSlot + (answer * 8)], 0);
            _code.jne(known);
        }

        _code.mov(edx, (int)Outcome.New);
        _code.Label(ref known);
        _code.mov(__byte_ptr[r12 + rbx + _plan.OutcomesAt], dl);
        _code.lea(r13, __[rsp + RoomSlot]);
        _code.mov(rax, __qword_ptr[rsp + FileSlot]);
        foreach (var (kind, label) in (ReadOnlySpan<(TouchKind, Label)>)[(TouchKind.Write, writes), (TouchKind.Load, loads), (TouchKind.Store, stores)])
        {
            _code.cmp(r14d, (int)kind);
            _code.je(label);
        }

        _worker.Call(17, rax, r13, Page.Size, rbp);                              // pread64
        _code.jmp(used);
        _code.Label(ref writes);
        _worker.Call(18, rax, r13, Page.Size, rbp);                              // pwrite64
        _code.jmp(used);
        LoadOrStore(FileAt, loads, stores, used);
    }

    // pagemap has bit 63 for a page that is mapped, bit 62 for one in swap; mincore tells which of these are in memory still.
    private void UseAnonymous()
    {
        var (known, stores, used) = (_code.CreateLabel(), _code.CreateLabel(), _code.CreateLabel());
        _code.lea(r13, __[rsp + AnswerSlot]);
        _code.mov(rcx, AnonymousAt);
        _code.add(rcx, rbp);
        _code.shr(rcx, Page.Shift - 3);
        _code.mov(rax, __qword_ptr[rsp + PagemapSlot]);
        _worker.Call(17, rax, r13, 8, rcx);
        _code.mov(edx, (int)Outcome.Present);
        _code.bt(__qword_ptr[rsp + AnswerSlot], 63);
        _code.jb(known);
        _code.mov(edx, (int)Outcome.New);
        _code.bt(__qword_ptr[rsp + AnswerSlot], 62);
        _code.jae(known);
        _code.mov(rcx, AnonymousAt);
        _code.add(rcx, rbp);
        _worker.Call(27, rcx, Page.Size, r13);                                   // mincore
        _code.movzx(edx, __byte_ptr[rsp + AnswerSlot]);
        _code.and(edx, 1);
        _code.add(edx, (int)Outcome.Gone);
        _code.Label(ref known);
        _code.mov(__byte_ptr[r12 + rbx + _plan.OutcomesAt], dl);
        _code.cmp(r14d, (int)TouchKind.AnonymousStore);
        _code.je(stores);
        var loads = _code.CreateLabel();
        LoadOrStore(AnonymousAt, loads, stores, used);
        _code.Label(ref used);
        _code.nop();
    }

    private void LoadOrStore(ulong start, Label loads, Label stores, Label used)
    {
        _code.Label(ref loads);
        _code.mov(rcx, start);
        _code.mov(rax, __qword_ptr[rcx + rbp]);
        _code.jmp(used);
        _code.Label(ref stores);
        _code.mov(rcx, start);
        _code.mov(__qword_ptr[rcx + rbp], rbx);
        _code.jmp(used);
    }
}
