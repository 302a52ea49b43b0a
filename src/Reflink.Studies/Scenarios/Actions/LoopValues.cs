using Reflink.Studies.Scenarios.Text;
using Reflink.Units;

namespace Reflink.Studies.Scenarios.Actions;

/// <summary>The values that a loop goes through: a list, a range of numbers, or what the machine has just then.</summary>
internal abstract class LoopValues
{
    /// <summary>What a machine has, by the word that a scenario writes.</summary>
    public static readonly IReadOnlyDictionary<string, Func<ActionContext, IEnumerable<string>>> Collections = new SortedDictionary<string, Func<ActionContext, IEnumerable<string>>>(StringComparer.Ordinal)
    {
        ["files"] = context => context.Bench.Machine.Volume.List("/").Select(file => file.Name),
        ["processes"] = context => context.Bench.Processes,
    };

    /// <summary>The values.</summary>
    public abstract IEnumerable<object> Of(ActionContext context);

    /// <summary>The values as an expression of C#.</summary>
    public abstract string CSharp(CSharpWriter writer);

    /// <summary>The first and the last, or one null: nobody knows before the run.</summary>
    public abstract IEnumerable<object?> Ends(Rehearsal rehearsal);

    /// <summary>Texts and numbers, as written.</summary>
    public sealed class Listed(IReadOnlyList<Template> items) : LoopValues
    {
        public override IEnumerable<object> Of(ActionContext context) => [.. items.Select(item => Formula.Meaning(context.Text(item)))];

        public override string CSharp(CSharpWriter writer) => $"new Value[] {{ {string.Join(", ", items.Select(writer.Meaning))} }}";

        public override IEnumerable<object?> Ends(Rehearsal rehearsal) => items.Select(rehearsal.Text).Select(text => text is null ? null : Formula.Meaning(text));
    }

    /// <summary>What the machine has when the loop begins.</summary>
    public sealed class Found(string what) : LoopValues
    {
        public override IEnumerable<object> Of(ActionContext context) => [.. Collections[what](context)];

        public override string CSharp(CSharpWriter writer) => what == "files" ? "lab.Files" : "lab.Processes";

        public override IEnumerable<object?> Ends(Rehearsal rehearsal) => [null];
    }

    /// <summary>Numbers from one to another: each is the one before and so much more, or so many times as much.</summary>
    public sealed class Range(YamlPiece at, Formula from, Formula to, Formula? by, Formula? times) : LoopValues
    {
        public override IEnumerable<object> Of(ActionContext context)
        {
            var (first, last) = (context.Number(from), context.Number(to));
            return Steps(first, last, by is null ? null : context.Number(by), times is null ? null : context.Number(times)).Cast<object>();
        }

        public override string CSharp(CSharpWriter writer)
        {
            string Of(Formula formula) => writer.Expression(formula, at).Text;
            return times is not null ? $"Value.Multiples({Of(from)}, {Of(to)}, {Of(times)})" : $"Value.Range({Of(from)}, {Of(to)}{(by is null ? "" : $", {Of(by)}")})";
        }

        public override IEnumerable<object?> Ends(Rehearsal rehearsal)
        {
            object?[] parts = [rehearsal.Value(from, at), rehearsal.Value(to, at), by is null ? 1L : rehearsal.Value(by, at), times is null ? 2L : rehearsal.Value(times, at)];
            if (parts is not [long first, long last, long step, long factor])
            {
                return [null];
            }

            try
            {
                var numbers = Steps(first, last, times is null ? step : null, times is null ? null : factor);
                return numbers.Any() ? [first, last] : [];
            }
            catch (ReflinkException e)
            {
                rehearsal.Add(at, e.Reason);
                return [null];
            }
        }

        /// <summary>The numbers; none if the last lies before the first.</summary>
        /// <exception cref="ReflinkException">EINVAL: it would never end.</exception>
        public static IEnumerable<long> Steps(long first, long last, long? by, long? times)
        {
            if (by <= 0 || times <= 1 || (times is not null && first <= 0))
            {
                throw new ReflinkException(Errno.EINVAL, "this range does not grow; 'by' takes a number above 0, 'times' one above 1 and a 'from' above 0");
            }

            return Numbers(first, last, by ?? 1, times);
        }

        private static IEnumerable<long> Numbers(long first, long last, long by, long? times)
        {
            for (var number = first; number <= last;)
            {
                yield return number;
                var next = times is { } factor ? (Int128)number * factor : (Int128)number + by;
                if (next > last)
                {
                    break;
                }

                number = (long)next;
            }
        }
    }
}
