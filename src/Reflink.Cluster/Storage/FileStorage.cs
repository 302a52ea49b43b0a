using Orleans.Serialization;
using Orleans.Storage;

namespace Reflink.Cluster.Storage;

/// <summary>
/// Keeps the state of grains in files of a folder, one a state, for silos of one machine: their end loses nothing. A file is written whole under another name
/// and then renamed. It begins with a version, which a writer must know.
/// </summary>
internal sealed class FileStorage(string folder, Serializer serializer) : IGrainStorage
{
    private readonly string _folder = folder;
    private readonly Serializer _serializer = serializer;

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var path = PathOf(stateName, grainId);
        if (File.Exists(path))
        {
            var file = _serializer.Deserialize<StateFile<T>>(await File.ReadAllBytesAsync(path))!;
            (grainState.State, grainState.ETag, grainState.RecordExists) = (file.State, file.Version, true);
        }
        else
        {
            (grainState.ETag, grainState.RecordExists) = (null, false);
        }
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var path = PathOf(stateName, grainId);
        var stored = File.Exists(path) ? _serializer.Deserialize<StateFile<T>>(await File.ReadAllBytesAsync(path))!.Version : null;
        if (stored != grainState.ETag)
        {
            throw new InconsistentStateException($"'{path}' was changed by another silo", stored, grainState.ETag);
        }

        var file = new StateFile<T>(Guid.NewGuid().ToString("N"), grainState.State!);
        var part = $"{path}.{file.Version}.part";
        Directory.CreateDirectory(_folder);
        await File.WriteAllBytesAsync(part, _serializer.SerializeToArray(file));
        File.Move(part, path, overwrite: true);
        (grainState.ETag, grainState.RecordExists) = (file.Version, true);
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        File.Delete(PathOf(stateName, grainId));
        (grainState.ETag, grainState.RecordExists) = (null, false);
        return Task.CompletedTask;
    }

    private string PathOf(string stateName, GrainId grainId) => Path.Combine(_folder, Uri.EscapeDataString($"{grainId}-{stateName}"));
}
