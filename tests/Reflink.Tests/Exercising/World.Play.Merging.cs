using Reflink.Ksm.Controls;
using Reflink.Ksm.Scanning;

namespace Reflink.Tests.Exercising;

/// <content>From dice to what merges and moves.</content>
internal sealed partial class World
{
    private static readonly Advice[] s_ages = [Advice.Cold, Advice.PageOut, Advice.WillNeed, Advice.Random, Advice.Sequential, Advice.Normal, Advice.Free, Advice.Free];

    private void PlayAdvice(Op op, int process, int slot, int pages)
    {
        // Half of the requests are for all there is, which mostly has gaps.
        var (all, most) = op.Roll(6, 2) == 0 ? (0, Slots) : (slot, pages);
        switch (op.Verb)
        {
            case Verb.Fill: Fill(process, FillableFrom(process, slot), 4, (byte)op.Roll(4, 3)); break;
            case Verb.Age: Advise(process, slot, pages, s_ages[op.Roll(4, s_ages.Length)]); break;
            case Verb.Lock: LockAndUnlock(process, slot, Math.Min(pages, 2)); break;
            case Verb.Discard: Advise(process, slot, pages, Advice.DontNeed); break;
            case Verb.Advise: Advise(process, all, most, op.Roll(5, 6) switch { 0 => Advice.Unmergeable, 1 => Advice.Merge, _ => Advice.Mergeable }); break;
            case Verb.Ask:
                Ask(process, all, most, op.Roll(4, 4) == 0 ? op.Roll(0, Processes) : null, op.Roll(5, 8) != 0, op.Roll(7, 2) == 0 ? MergeFlags.None : MergeFlags.Lazy);
                break;
            case Verb.Option: Option(process, op.Roll(5, 3) != 0); break;
            case Verb.Join: Join(process, all, most, op.Roll(4, 256), op.Roll(7, 3) == 0 ? MergeFlags.Lazy : MergeFlags.None); break;
            case Verb.Part: Part(process, all, most, op.Roll(4, 256)); break;
            case Verb.Pin: Pin(process, slot, pages); break;
            case Verb.Resize: Resize(process, slot, pages, 1 + op.Roll(4, 6)); break;
            case Verb.Move: Move(process, slot, pages, 1 + op.Roll(4, 6), op.Roll(5, Slots), op.Roll(6, 2) == 0); break;
            default: break;
        }
    }

    private void PlayMerging(Op op)
    {
        switch (op.Verb)
        {
            case Verb.Scan when op.Roll(1, 12) == 0: Run((KsmRun)op.Roll(2, 3)); break;
            case Verb.Scan when op.Roll(1, 2) == 0: Wait((uint)(1 + op.Roll(3, 12)), 20 * op.Roll(4, 5)); break;
            case Verb.Scan: Pass(); break;
            case Verb.Tune: Tune(op); break;
            case Verb.Open: OpenPartition(op.Roll(1, 256), op.Roll(2, 8) == 0, 2 + op.Roll(3, 3)); break;
            case Verb.Close: ClosePartition(op.Roll(1, 256)); break;
            case Verb.Remove: RemovePartition(op.Roll(1, 256), op.Roll(2, 2) == 0); break;
            case Verb.PassPartition: PassPartition(op.Roll(1, 256), op.Roll(2, 4) == 0); break;
            default: break;
        }
    }

    private int FillableFrom(int process, int slot) => Wanted(process, slot, p => !p.Shared && (p.Protection & Protection.Write) != 0);
}
