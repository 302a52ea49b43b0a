namespace Reflink.Fidelity;

/// <summary>
/// Where reference data lies that does not come with the project: below the folder that REFLINK_DATA names, or else below
/// <c>shared/data</c> beside the current folder, the program, or any folder above them.
/// </summary>
public static class DataFolder
{
    /// <summary>A folder of the data; null where there is none.</summary>
    public static string? Find(string name)
    {
        var places = Environment.GetEnvironmentVariable("REFLINK_DATA") is { Length: > 0 } named
            ? [named]
            : Above(Environment.CurrentDirectory).Concat(Above(AppContext.BaseDirectory)).Select(folder => Path.Combine(folder, "shared", "data"));
        return places.Select(place => Path.Combine(place, name)).FirstOrDefault(Directory.Exists);
    }

    private static IEnumerable<string> Above(string folder)
    {
        for (var directory = new DirectoryInfo(folder); directory is not null; directory = directory.Parent)
        {
            yield return directory.FullName;
        }
    }
}
