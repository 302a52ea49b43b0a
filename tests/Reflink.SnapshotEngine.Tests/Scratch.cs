using System.Reflection;
using System.Runtime.CompilerServices;

namespace Reflink.SnapshotEngine.Tests;

/// <summary>A directory of its own for one test, with an engine that verifies into it and a test that is made up.</summary>
public sealed class Scratch : IDisposable
{
    internal Scratch() => Global.Derive = (_, _, _, _) => new(Path);

    private readonly ScratchFolder _folder = new("engine");

    public string Path => _folder.Path;

    internal GlobalSettings Global { get; private set; } = new();

    internal VerifySettings Settings { get; } = new();

    public static MethodInfo Method(Type type, string name) =>
        type.GetMethod(name, BindingFlags.Public | BindingFlags.Instance)!;

    public void Dispose() => _folder.Dispose();

    public void Write(string name, string text) => File.WriteAllText(In(name), text);

    public string Read(string name) => File.ReadAllText(In(name));

    public string In(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>The names of all files, sorted.</summary>
    public string Files() => string.Join(' ', Directory.GetFiles(Path).Select(System.IO.Path.GetFileName).Order(StringComparer.Ordinal));

    internal VerifyResult Verify(string text, string extension = "txt", MethodInfo? method = null, [CallerFilePath] string source = "") =>
        new Verification(Global, Settings, new(method ?? Method(typeof(Sample), nameof(Sample.Case)), source)).Run(text, extension);

    /// <summary>Forgets which names were used, as another process would.</summary>
    internal void NewProcess() => Global = new() { Derive = Global.Derive, Encoding = Global.Encoding, Auto = Global.Auto };

    /// <summary>The message of the failure that this text causes.</summary>
    internal string Failure(string text, string extension = "txt") =>
        Assert.Throws<VerifyException>(() => Verify(text, extension)).Message;
}
