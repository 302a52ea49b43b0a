using System.Reflection;
using Reflink.Studies.Scenarios.Text;
using Reflink.Units;

namespace Reflink.Studies.Scenarios;

/// <summary>The studies that come with the program: each is a YAML file of the folder Shipped, and can be copied and changed.</summary>
public static class ShippedStudies
{
    private const string Folder = "Reflink.Studies.Shipped.";
    private const string Ending = ".yaml";

    /// <summary>Their names, in ordinal order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. typeof(ShippedStudies).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Folder, StringComparison.Ordinal) && name.EndsWith(Ending, StringComparison.Ordinal))
        .Select(name => name[Folder.Length..^Ending.Length]).Order(StringComparer.Ordinal)];

    /// <summary>The text of one.</summary>
    /// <exception cref="ReflinkException">ENOENT: there is none of that name.</exception>
    public static string Text(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!Names.Contains(name))
        {
            throw new ReflinkException(Errno.ENOENT, $"no study '{name}' comes with the program; {Words.Known(name, Names)}");
        }

        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(Folder + name + Ending)!);
        return reader.ReadToEnd();
    }

    /// <summary>One of them, to be run.</summary>
    /// <exception cref="ReflinkException">ENOENT: there is none of that name.</exception>
    /// <example><code>
    /// var scenario = ShippedStudies.Get("clones");
    /// </code></example>
    public static Scenario Get(string name) => Scenario.Parse(Text(name), name + Ending);
}
