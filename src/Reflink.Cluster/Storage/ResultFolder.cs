using System.Security.Cryptography;

namespace Reflink.Cluster.Storage;

/// <summary>Large results as files of a folder that silos share, each named after the SHA-256 of its bytes.</summary>
internal sealed class ResultFolder(string folder) : IResultStore
{
    private readonly string _folder = folder;

    public async Task<string> Put(byte[] text)
    {
        var name = Convert.ToHexStringLower(SHA256.HashData(text));
        var path = PathOf(name);
        if (!File.Exists(path))
        {
            var part = $"{path}.{Guid.NewGuid():N}.part";
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllBytesAsync(part, text);
            File.Move(part, path, overwrite: true);
        }

        return name;
    }

    public async Task<byte[]> Get(string name)
    {
        var text = await File.ReadAllBytesAsync(PathOf(name));
        return Convert.ToHexStringLower(SHA256.HashData(text)) == name ? text : throw new IOException($"'{PathOf(name)}' is damaged; delete it and its study's state, and hand the study in again");
    }

    // A folder of a million files is slow on some filesystems.
    private string PathOf(string name) => Path.Combine(_folder, name[..2], name);
}
