using Reflink.Inodes;
using Reflink.Space;
using Reflink.Units;

namespace Reflink.Tests.Inodes;

/// <summary>The audit finds what is broken on purpose.</summary>
public sealed class ExtentAuditTests
{
    private readonly ChangeCounter _changes = new();
    private readonly BlockSpace _space;
    private readonly NodeReaper _reaper;
    private readonly ExtentMap _map;
    private readonly BlockNumber _first;

    public ExtentAuditTests()
    {
        _space = new BlockSpace(1000, _changes);
        _reaper = new NodeReaper(_space, 4);
        _map = new ExtentMap(_space, _reaper);
        _first = _space.Allocate(BlockKind.Stored, 40);
        for (var page = 0; page < 40; page++)
        {
            _map.Map(new PageIndex(page), 1, _first + (39 - page));
        }
    }

    [Fact]
    public void Nothing_is_found_where_all_is_well()
    {
        var derived = _space.Intern(0, new RecipeBuilder().Copy(_first, 0, 100).Data([1]).Copy(_first, 101, Page.Size - 101).Build());
        _map.Map(new PageIndex(50), 1, derived);
        Assert.Empty(Check(_map));
    }

    [Fact]
    public void A_block_that_nothing_reaches_is_found()
    {
        _space.Allocate(BlockKind.Anonymous, 3);
        Assert.Equal("blocks a1+3 are counted with 1 owners, but nothing reaches them", Assert.Single(Check(_map)));
    }

    [Fact]
    public void An_owner_too_many_is_found()
    {
        _space.Share(_first + 3, 2);
        Assert.Equal("blocks s4+2 are counted with 2 owners, 1 reach them", Assert.Single(Check(_map)));
    }

    [Fact]
    public void A_mapped_block_that_is_dead_is_found()
    {
        _space.Release(_first, 1);
        Assert.Equal("blocks s1+1 are dead, but 1 owners reach them", Assert.Single(Check(_map)));
    }

    [Fact]
    public void A_map_left_out_is_missed()
    {
        var clone = _map.Clone();
        Assert.Contains("counts 2 references, has 1", Assert.Single(Check(_map)));
        Assert.Empty(Check(_map, clone));
    }

    [Fact]
    public void Owners_of_roots_are_recounted_from_the_recipes()
    {
        _changes.Broken = Rule.RecipeOwnsRoots;
        var patch = new RecipeBuilder().Copy(_first, 0, 4000).Zero(96).Build();
        _map.Map(new PageIndex(50), 1, _space.Intern(0, patch));
        _changes.Broken = Rule.None;
        Assert.Empty(Check(_map));
        _map.Map(new PageIndex(51), 1, _space.Intern(1, patch));
        Assert.Empty(Check(_map));
        _space.Release(_first, 1);
        Assert.Equal("blocks s1+1 are counted with 1 owners, 2 reach them", Assert.Single(Check(_map)));
    }

    [Fact]
    public void Wrong_sums_keys_and_order_are_found()
    {
        var root = (InnerNode)_map.Root!;
        root.Sums += new NodeSums(1, 0, 0);
        Assert.Contains("counts 41 blocks", Assert.Single(Check(_map)));
        root.Sums -= new NodeSums(1, 0, 0);
        root.Keys[1] += 1;
        Assert.Contains("stands under page", Assert.Single(Check(_map)));
        root.Keys[1] -= 1;
        var leaf = FirstLeaf(root);
        leaf.Slots[0] = leaf.Slots[0] with { Start = leaf.Slots[0].Start + 1 };
        Assert.Contains(Check(_map), finding => finding.Contains("overlap", StringComparison.Ordinal));
    }

    private static LeafNode FirstLeaf(Node node) => node is InnerNode inner ? FirstLeaf(inner.Children[0]!) : (LeafNode)node;

    private IEnumerable<string> Check(params ExtentMap[] maps) => ExtentAudit.Check(_space, maps, _reaper);
}
