namespace Reflink.Cache.Policies.Linux;

/// <summary>
/// What a group takes from its limit for a folio that comes in, and for the node of the page tree that the folio may need
/// (mem_cgroup_charge, mm/memcontrol.c; __filemap_add_folio, mm/filemap.c).
/// </summary>
/// <param name="tree">The pages of files; its nodes are charged.</param>
/// <param name="basePages">Pages that the group's processes and kernel objects take, the nodes of page trees not among them.</param>
internal sealed class GroupCharge(PageTree tree, int basePages)
{
    private readonly MemoryCharge _charge = new();

    // The folio that comes in is charged, its node is not.
    private bool _isFolioCharged;

    /// <summary>The smallest limit: a node of a page tree and two pages beside what the group's processes take. With less, Linux would end them (out of memory).</summary>
    public int Least => basePages + 3;

    /// <summary>How many pages are to be reclaimed before a folio comes in (<see cref="IChargingPolicy.Shortfall"/>).</summary>
    /// <remarks>A group that has no page left would be out of memory; here it may have one folio.</remarks>
    public int Shortfall(int incoming, in PageLabel first, FolioKind kind, int resident, int capacity)
    {
        if (resident == 0)
        {
            return 0;
        }

        var used = resident + tree.ChargedPages + basePages;
        if (!_isFolioCharged && _charge.Take(incoming, used, capacity) is var folio and > 0)
        {
            return (int)folio;
        }

        // The node of the page tree is charged when the folio is, and before the folio comes to a list (__filemap_add_folio).
        _isFolioCharged = true;
        if (kind == FolioKind.File && tree.ChargeFor(PageKeys.Of(first)) is var nodes and > 0 && _charge.Take((int)nodes, used + incoming, capacity) is var node and > 0)
        {
            return (int)node;
        }

        _isFolioCharged = false;
        return 0;
    }
}
