using VerifyXunit;

namespace Reflink.SnapshotEngine.Naming;

/// <summary>The two usual ways to derive a directory. As with Verify, ".." is not resolved.</summary>
internal static class RelativeDirectory
{
    public static DerivePathInfo ToProject(string directory) =>
        (_, project, _, _) => new(Path.Combine(project, directory));

    public static DerivePathInfo ToSourceFile(string directory) =>
        (sourceFile, _, _, _) => new(Path.Combine(Path.GetDirectoryName(sourceFile)!, directory));
}
