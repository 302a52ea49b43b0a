using Orleans.Serialization;
using Orleans.Storage;

namespace Reflink.Cluster.Storage;

/// <summary>Keeps the state of grains in a table of PostgreSQL, a row a state. A row has a version, which a writer must know.</summary>
internal sealed class PostgresStorage(PostgresTables tables, Serializer serializer) : IGrainStorage
{
    private readonly PostgresTables _tables = tables;
    private readonly Serializer _serializer = serializer;

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var rows = await _tables.Read(row => (Version: row.GetString(0), State: row.GetFieldValue<byte[]>(1)), "select version, state from reflink_state where key = $1", KeyOf(stateName, grainId));
        if (rows is [var found])
        {
            (grainState.State, grainState.ETag, grainState.RecordExists) = (_serializer.Deserialize<T>(found.State)!, found.Version, true);
        }
        else
        {
            (grainState.ETag, grainState.RecordExists) = (null, false);
        }
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var (key, version, state) = (KeyOf(stateName, grainId), Guid.NewGuid().ToString("N"), _serializer.SerializeToArray(grainState.State));
        var changed = grainState.ETag is { } known
            ? await _tables.Change("update reflink_state set version = $2, state = $3 where key = $1 and version = $4", key, version, state, known)
            : await _tables.Change("insert into reflink_state values ($1, $2, $3) on conflict do nothing", key, version, state);
        if (changed == 0)
        {
            throw new InconsistentStateException($"state '{key}' was changed by another silo", "another", grainState.ETag);
        }

        (grainState.ETag, grainState.RecordExists) = (version, true);
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        _ = await _tables.Change("delete from reflink_state where key = $1", KeyOf(stateName, grainId));
        (grainState.ETag, grainState.RecordExists) = (null, false);
    }

    private static string KeyOf(string stateName, GrainId grainId) => $"{grainId}-{stateName}";
}
