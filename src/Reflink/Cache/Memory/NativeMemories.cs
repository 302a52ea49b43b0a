namespace Reflink.Cache.Memory;

/// <summary>Chooses how memory is reserved: by the platform, unless the environment's REFLINK_MEMORY says <c>mapped</c>, <c>reserved</c> or <c>plain</c>.</summary>
internal static class NativeMemories
{
    /// <summary>The name in the environment.</summary>
    public const string Variable = "REFLINK_MEMORY";

    private static INativeMemory? s_chosen;

    /// <summary>What this process uses.</summary>
    /// <exception cref="ReflinkException">EINVAL: the environment names no way.</exception>
    public static INativeMemory Chosen => s_chosen ??= Choose(Environment.GetEnvironmentVariable(Variable));

    /// <summary>The way of that name; the platform's own without one.</summary>
    /// <exception cref="ReflinkException">EINVAL: there is no such way.</exception>
    public static INativeMemory Choose(string? name) => name switch
    {
        "mapped" => new MappedMemory(),
        "reserved" => new ReservedMemory(),
        "plain" => new PlainMemory(),
        null or "" => OperatingSystem.IsWindows() ? new ReservedMemory()
            : OperatingSystem.IsLinux() || OperatingSystem.IsMacOS() || OperatingSystem.IsFreeBSD() ? new MappedMemory()
            : new PlainMemory(),
        _ => throw new ReflinkException(Errno.EINVAL, $"{Variable} is '{name}'; it may be mapped, reserved or plain, or not set at all"),
    };
}
