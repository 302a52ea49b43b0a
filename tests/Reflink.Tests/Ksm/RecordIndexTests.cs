using CsCheck;
using Reflink.Ksm.Sets;
using Reflink.Units;

namespace Reflink.Tests.Ksm;

/// <summary>The index of records by key against a list of all records.</summary>
public sealed class RecordIndexTests
{
    private enum Verb
    {
        Add,
        Remove,
        Clear,
    }

    private sealed record Call(Verb Verb, int Pick);

    // Few different keys, of which some begin at the end of the table and some have the same tag.
    private static readonly ulong[] s_keys = [0, 1, 1UL << 63, ulong.MaxValue, ulong.MaxValue - 1, 0xFFFF_FFFF, Hashing.Fibonacci, Hashing.Fibonacci + (1UL << 40)];

    private static readonly Gen<Call[]> s_calls = Gen.Select(
        Gen.Frequency((12, Gen.Const(Verb.Add)), (9, Gen.Const(Verb.Remove)), (1, Gen.Const(Verb.Clear))),
        Gen.Int[0, 10_000],
        (verb, pick) => new Call(verb, pick)).Array[1, 400];

    [Fact]
    public void A_search_finds_every_record_of_its_key_and_no_removed_one() => s_calls.Sample(
        calls =>
        {
            Dictionary<int, ulong> records = [];
            var index = new RecordIndex(number => records[number]);
            foreach (var call in calls)
            {
                Apply(index, records, call);
                AssertEqual(index, records);
            }
        },
        iter: 500);

    [Fact]
    public void A_table_with_room_for_what_comes_does_not_grow()
    {
        const int Records = 100_000;
        var index = new RecordIndex(_ => throw new InvalidOperationException("growing asks for keys"));
        index.Clear(Records, Records);
        var bytes = index.Bytes;
        for (var number = 1; number <= Records; number++)
        {
            index.Add(unchecked((ulong)number * Hashing.Fibonacci), number);
        }

        Assert.Equal(bytes, index.Bytes);
        Assert.Equal(Enumerable.Range(1, Records), index.All().Order());
    }

    private static void Apply(RecordIndex index, Dictionary<int, ulong> records, Call call)
    {
        switch (call.Verb)
        {
            // Numbers that differ a lot: the larger ones leave fewer bits for tags.
            case Verb.Add when 1 + (call.Pick * call.Pick) is var number && !records.ContainsKey(number):
                records.Add(number, s_keys[call.Pick % s_keys.Length]);
                index.Add(records[number], number);
                break;
            case Verb.Remove when records.Count > 0:
                var gone = records.Keys.Order().ElementAt(call.Pick % records.Count);
                index.Remove(records[gone], gone);
                records.Remove(gone);
                break;
            case Verb.Clear:
                records.Clear();
                index.Clear(call.Pick % 200, call.Pick);
                break;
        }
    }

    private static void AssertEqual(RecordIndex index, Dictionary<int, ulong> records)
    {
        Assert.Equal(records.Count, index.Count);
        Assert.Equal(records.Keys.Order(), index.All().Order());
        foreach (var key in s_keys)
        {
            List<int> found = [];
            for (var number = index.First(key, out var at); number != 0; number = index.Next(key, ref at))
            {
                found.Add(number);
            }

            Assert.Equal(records.Where(r => r.Value == key).Select(r => r.Key).Order(), found.Where(number => records[number] == key).Order());
        }
    }
}
