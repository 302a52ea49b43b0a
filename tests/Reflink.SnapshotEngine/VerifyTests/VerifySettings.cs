using Reflink.SnapshotEngine;
using Reflink.SnapshotEngine.Naming;

namespace VerifyTests;

/// <summary>What one verification wants different from the defaults.</summary>
public sealed class VerifySettings
{
    public VerifySettings()
    {
    }

    /// <summary>A copy: what is later set on it does not reach the settings it came from.</summary>
    public VerifySettings(VerifySettings? settings)
    {
        if (settings is null)
        {
            return;
        }

        Names = settings.Names with { };
        Scrubs = settings.Scrubs;
        UniquePrefix = settings.UniquePrefix;
        Auto = settings.Auto;
    }

    internal NameChoices Names { get; private set; } = new();

    internal bool Scrubs { get; private set; } = true;

    internal bool UniquePrefix { get; private set; } = true;

    internal AutoAccept? Auto { get; private set; }

    /// <summary>Relative to the directory of the test's source file; wins over DerivePathInfo.</summary>
    public void UseDirectory(string directory) => Names = Names with { Directory = directory };

    public void UseTypeName(string name) => Names = Names.WithTypeName(name);

    public void UseMethodName(string name) => Names = Names.WithMethodName(name);

    public void UseFileName(string fileName) => Names = Names.WithFileName(fileName);

    public void UseParameters(params object?[] parameters) => Names = Names.WithParameters(parameters);

    public void UseParameters<T>(T parameter) => UseParameters([(object?)parameter]);

    public void UseParameters<T>(T[] parameters) => UseParameters([(object?)parameters]);

    public void UseTextForParameters(string parametersText) => Names = Names.WithParametersText(parametersText);

    public void UniqueForAssemblyConfiguration() => Names = Names with { PerConfiguration = true };

    public void UniqueForArchitecture() => Names = Names with { PerArchitecture = true };

    public void UniqueForOSPlatform() => Names = Names with { PerOs = true };

    public void UniqueForRuntime() => Names = Names with { PerRuntime = true };

    public void UniqueForRuntimeAndVersion() => Names = Names with { PerRuntimeVersion = true };

    public void DisableScrubbers() => Scrubs = false;

    public void DisableRequireUniquePrefix() => UniquePrefix = false;

    public void AutoVerify(bool includeBuildServer = true, bool throwException = false) =>
        Auto = new AutoAccept(includeBuildServer, throwException);
}
