namespace VerifyTests;

/// <summary>Where a snapshot lies and what it is called; a part that is null keeps its default.</summary>
public readonly struct PathInfo(string? directory = null, string? typeName = null, string? methodName = null)
{
    public string? Directory { get; } = directory;

    public string? TypeName { get; } = typeName;

    public string? MethodName { get; } = methodName;
}
