using System.Reflection;

namespace Reflink.SnapshotEngine;

/// <summary>The test that verifies, and what the build wrote into its assembly.</summary>
internal sealed record TestSite(MethodInfo Method, string SourceFile)
{
    /// <summary>The class the test runs as: the derived one for an inherited fact.</summary>
    public Type Type => Method.ReflectedType!;

    public string SourceDirectory => Path.GetDirectoryName(SourceFile)!;

    public string ProjectDirectory => Metadata("Verify.ProjectDirectory")
        ?? throw new InvalidOperationException($"{Type.Assembly.GetName().Name} lacks the assembly metadata Verify.ProjectDirectory.");

    public string? SolutionDirectory => Metadata("Verify.SolutionDirectory");

    public bool MultiTargets => Metadata("Verify.TargetFrameworks")?.Contains(';', StringComparison.Ordinal) ?? false;

    public string? Configuration => Type.Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration;

    private string? Metadata(string key) => Type.Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(a => string.Equals(a.Key, key, StringComparison.Ordinal))?.Value;
}
