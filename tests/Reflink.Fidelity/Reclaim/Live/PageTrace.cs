namespace Reflink.Fidelity.Reclaim.Live;

/// <summary>A trace: which page each access uses.</summary>
/// <param name="Name">The name in the names of files.</param>
/// <param name="Pages">The page of each access.</param>
public sealed record PageTrace(string Name, uint[] Pages)
{
    /// <summary>The smallest number of pages that holds every page of the trace.</summary>
    public int Footprint => checked((int)Pages.Max() + 1);
}
