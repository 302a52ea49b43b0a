using System.Runtime.CompilerServices;

/// <summary>Where and how every test project keeps its snapshots; the same under both engines.</summary>
internal static class SnapshotSetup
{
    [ModuleInitializer]
    internal static void Initialize()
    {
        VerifierSettings.UseUtf8NoBom();
        DerivePathInfo((_, projectDirectory, type, _) => new(Directory(projectDirectory, type)));
    }

    // A folder for each assembly, because the names of snapshots carry no namespace.
    private static string Directory(string projectDirectory, Type type) =>
        Path.GetFullPath(Path.Combine(projectDirectory, "..", "..", "snapshots", type.Assembly.GetName().Name!));
}
