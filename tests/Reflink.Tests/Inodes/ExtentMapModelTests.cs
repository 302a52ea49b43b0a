using CsCheck;

namespace Reflink.Tests.Inodes;

/// <summary>Random sequences of calls on several maps, with the audit after each.</summary>
public sealed class ExtentMapModelTests
{
    private static readonly Gen<MapVerb> s_verbs = Gen.Frequency(
        (8, Gen.Const(MapVerb.Map)),
        (2, Gen.Const(MapVerb.MapZero)),
        (4, Gen.Const(MapVerb.Unmap)),
        (3, Gen.Const(MapVerb.Clone)),
        (2, Gen.Const(MapVerb.Become)),
        (1, Gen.Const(MapVerb.Clear)),
        (2, Gen.Const(MapVerb.Collapse)),
        (2, Gen.Const(MapVerb.Insert)),
        (3, Gen.Const(MapVerb.CloneRange)));

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(32)]
    public void Maps_agree_with_arrays_in_which_a_clone_is_a_copy(int fanOut) =>
        Calls(64, 12, 60).Sample(calls => new MapModel(64, 4, fanOut).Play(calls), iter: 400);

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(32)]
    public void Maps_of_many_small_extents_agree_as_well(int fanOut) =>
        Calls(200, 3, 250).Sample(calls => new MapModel(200, 3, fanOut).Play(calls), iter: 25);

    private static Gen<MapCall[]> Calls(int pages, int longest, int most) => Gen.Select(
        s_verbs,
        Gen.Int[0, 11],
        Gen.Int[0, 11],
        Gen.Int[0, pages - 1],
        Gen.OneOf(Gen.Const(1), Gen.Int[1, longest], Gen.Int[1, pages]),
        (verb, map, other, start, length) => new MapCall(verb, map, other, start, length)).Array[1, most];
}
