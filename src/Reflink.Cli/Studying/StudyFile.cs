using Reflink.Studies.Scenarios;

namespace Reflink.Cli.Studying;

/// <summary>A study that a command names: a file, or one that comes with the program.</summary>
internal static class StudyFile
{
    /// <summary>Above what people write, and below what a binary named by mistake takes.</summary>
    private const int MostText = 1 << 22;

    /// <summary>What the argument takes, for help.</summary>
    public const string Description = "The study: a YAML file, or the name of one that 'reflink study list' lists";

    /// <summary>Reads it. What has a '/' or ends in .yaml or .yml is a file, and so is what there is a file of.</summary>
    public static Scenario Read(string name)
    {
        var isFile = name.Contains('/', StringComparison.Ordinal) || Path.GetExtension(name) is ".yaml" or ".yml" || File.Exists(name);
        if (!isFile)
        {
            return ShippedStudies.Get(name);
        }

        using var reader = HostText.Open(name, () => new StreamReader(name), "cannot be read; name a YAML file, or a study of 'reflink study list'");
        return Scenario.Parse(HostText.Read(reader, name, MostText, "study", "'reflink study show lsfmm' prints one"), name);
    }
}
