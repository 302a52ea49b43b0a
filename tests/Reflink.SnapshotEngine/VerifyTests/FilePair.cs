namespace VerifyTests;

/// <summary>A received file and the verified file it is compared with.</summary>
public readonly struct FilePair(string extension, string receivedPath, string verifiedPath)
{
    public string Extension { get; } = extension;

    public string ReceivedPath { get; } = receivedPath;

    public string VerifiedPath { get; } = verifiedPath;
}
