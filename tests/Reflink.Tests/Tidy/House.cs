namespace Reflink.Tests.Tidy;

/// <summary>All rules over all files.</summary>
public static class House
{
    private static readonly string[] s_edges = ["Elf", "Studies", "Cli", "IO", "Abstractions", "Reflink"];

    public static IReadOnlyList<Offence> CheckSources(IReadOnlyList<SourceFile> files)
    {
        var segments = files.Where(f => f.Project is not null).SelectMany(f => f.Folders.Skip(2))
            .Concat(StrataRule.Names).Concat(s_edges).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. files.SelectMany(StrataRule.Check),
            .. CycleRule.Check(files),
            .. files.SelectMany(f => TypeRule.Check(f, segments)),
            .. files.SelectMany(LengthRule.Check),
            .. files.SelectMany(BanRule.Check),
            .. files.SelectMany(SealedRule.Check),
            .. BooleanRule.Check(files),
        ];
    }
}
