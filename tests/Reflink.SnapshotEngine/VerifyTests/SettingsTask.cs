using System.Runtime.CompilerServices;

namespace VerifyTests;

/// <summary>A verification that has not begun: it runs when awaited or converted, and may be adjusted until then.</summary>
public sealed class SettingsTask
{
    private readonly VerifySettings _settings;
    private readonly Func<VerifySettings, Task<VerifyResult>> _verify;
    private Task<VerifyResult>? _task;

    public SettingsTask(VerifySettings? settings, Func<VerifySettings, Task<VerifyResult>> buildTask)
    {
        _settings = new VerifySettings(settings);
        _verify = buildTask;
    }

    public VerifySettings CurrentSettings => _task is null
        ? _settings
        : throw new InvalidOperationException("This verification has run already: adjust it before it is awaited or converted to a task.");

    public SettingsTask UseDirectory(string directory) => With(s => s.UseDirectory(directory));

    public SettingsTask UseTypeName(string name) => With(s => s.UseTypeName(name));

    public SettingsTask UseMethodName(string name) => With(s => s.UseMethodName(name));

    public SettingsTask UseFileName(string fileName) => With(s => s.UseFileName(fileName));

    public SettingsTask UseParameters(params object?[] parameters) => With(s => s.UseParameters(parameters));

    public SettingsTask UseParameters<T>(T parameter) => With(s => s.UseParameters(parameter));

    public SettingsTask UseParameters<T>(T[] parameters) => With(s => s.UseParameters(parameters));

    public SettingsTask UseTextForParameters(string parametersText) => With(s => s.UseTextForParameters(parametersText));

    public SettingsTask UniqueForAssemblyConfiguration() => With(s => s.UniqueForAssemblyConfiguration());

    public SettingsTask UniqueForArchitecture() => With(s => s.UniqueForArchitecture());

    public SettingsTask UniqueForOSPlatform() => With(s => s.UniqueForOSPlatform());

    public SettingsTask UniqueForRuntime() => With(s => s.UniqueForRuntime());

    public SettingsTask UniqueForRuntimeAndVersion() => With(s => s.UniqueForRuntimeAndVersion());

    public SettingsTask DisableScrubbers() => With(s => s.DisableScrubbers());

    public SettingsTask DisableRequireUniquePrefix() => With(s => s.DisableRequireUniquePrefix());

    public SettingsTask AutoVerify(bool includeBuildServer = true, bool throwException = false) =>
        With(s => s.AutoVerify(includeBuildServer, throwException));

    public Task<VerifyResult> ToTask() => _task ??= _verify(_settings);

    public TaskAwaiter<VerifyResult> GetAwaiter() => ToTask().GetAwaiter();

    public ConfiguredTaskAwaitable<VerifyResult> ConfigureAwait(bool continueOnCapturedContext) =>
        ToTask().ConfigureAwait(continueOnCapturedContext);

    public static implicit operator Task<VerifyResult>(SettingsTask settingsTask)
    {
        ArgumentNullException.ThrowIfNull(settingsTask);
        return settingsTask.ToTask();
    }

    private SettingsTask With(Action<VerifySettings> change)
    {
        change(CurrentSettings);
        return this;
    }
}
