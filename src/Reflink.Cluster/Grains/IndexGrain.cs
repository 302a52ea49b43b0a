using Orleans.Placement;

namespace Reflink.Cluster.Grains;

/// <summary>The one list of the cluster's studies. Any silo may have it; it is small and asked a few times a second.</summary>
[RandomPlacement]
internal sealed class IndexGrain([PersistentState("index", StoreNames.Studies)] IPersistentState<StudyIndex> state) : Grain, IIndexGrain
{
    private readonly IPersistentState<StudyIndex> _state = state;

    public async Task Open(string study)
    {
        if (_state.State.Open.Add(study))
        {
            if (!_state.State.All.Contains(study))
            {
                _state.State.All.Add(study);
            }

            await Write();
        }
    }

    public async Task Close(string study)
    {
        if (_state.State.Open.Remove(study))
        {
            await Write();
        }
    }

    public Task<string[]> ListOpen() => Task.FromResult<string[]>([.. _state.State.All.Where(_state.State.Open.Contains)]);

    public Task<string[]> List() => Task.FromResult<string[]>([.. _state.State.All]);

    // What is in memory must not be ahead of what is stored: after a failed write the grain reads anew.
    private async Task Write()
    {
        try
        {
            await _state.WriteStateAsync();
        }
        catch
        {
            DeactivateOnIdle();
            throw;
        }
    }
}
