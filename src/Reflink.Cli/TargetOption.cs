using System.CommandLine;

namespace Reflink.Cli;

/// <summary>An option that names a file to write. Whether it can be written there is seen before the work begins.</summary>
internal sealed class TargetOption(string name) : Option<string?>(name);
