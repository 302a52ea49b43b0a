
namespace Reflink.Tests.Inodes;

/// <summary>Every sequence of a few calls on files of a few pages.</summary>
public sealed class ExtentMapExhaustiveTests
{
    [Fact]
    public void All_sequences_of_three_calls_on_three_pages() => PlayAll(3, 3);

    [Fact]
    public void All_sequences_of_four_calls_on_two_pages() => PlayAll(4, 2);

    /// <summary>Files that begin full of one-page extents: what any two calls do to deep shared trees.</summary>
    [Fact]
    public void All_pairs_of_calls_on_a_cloned_file_of_six_extents()
    {
        MapCall[] before =
        [
            .. Enumerable.Range(0, 6).Reverse().Select(page => new MapCall(MapVerb.Map, 0, 0, page, 1)),
            new(MapVerb.Clone, 0, 0, 0, 1),
        ];
        var calls = AllCalls(6);
        foreach (var first in calls)
        {
            foreach (var second in calls)
            {
                new MapModel(6, 2, 2).Play([.. before, first, second], checkEach: false);
            }
        }
    }

    /// <summary>All sequences of up to so many calls that begin by mapping something: on an empty file the others do nothing.</summary>
    private static void PlayAll(int longest, int pages)
    {
        var calls = AllCalls(pages);
        List<MapCall[]> sequences = [.. calls.Where(call => call.Verb is MapVerb.Map or MapVerb.MapZero).Select(call => new[] { call })];
        for (var length = 1; length <= longest; length++)
        {
            foreach (var sequence in sequences)
            {
                new MapModel(pages, 2, 2).Play(sequence, checkEach: false);
            }

            sequences = length == longest ? [] : [.. sequences.SelectMany(_ => calls, (sequence, call) => (MapCall[])[.. sequence, call])];
        }
    }

    /// <summary>On map 0, the longest ranges and the single pages; Become and CloneRange go to and from map 1.</summary>
    private static MapCall[] AllCalls(int pages)
    {
        List<MapCall> calls = [new(MapVerb.Clone, 0, 1, 0, 1), new(MapVerb.Clear, 0, 0, 0, 1), new(MapVerb.Become, 0, 1, 0, 1), new(MapVerb.Become, 1, 0, 0, 1)];
        foreach (var verb in (MapVerb[])[MapVerb.Map, MapVerb.MapZero, MapVerb.Unmap, MapVerb.Collapse, MapVerb.Insert, MapVerb.CloneRange])
        {
            for (var start = 0; start < pages; start++)
            {
                foreach (var length in new HashSet<int> { 1, Math.Min(2, pages - start), pages - start })
                {
                    calls.Add(new(verb, 0, verb == MapVerb.CloneRange ? 1 : 0, start, length));
                }
            }
        }

        return [.. calls];
    }
}
