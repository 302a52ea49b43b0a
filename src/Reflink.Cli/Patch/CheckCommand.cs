using System.CommandLine;
using System.Globalization;
using Reflink.Studies;
using Reflink.Studies.Comparison;

namespace Reflink.Cli.Patch;

/// <summary>Tells whether a patch set fits a binary, and everything that does not.</summary>
internal sealed class CheckCommand : Command, IHasExamples
{
    private readonly Argument<string> _file = OptionKinds.File("FILE", "A patch-set file, text or JSON");
    private readonly Argument<string> _binary = OptionKinds.File("BINARY", "The ELF file that it should fit; PATH@BUILDID for one build only");

    public CheckCommand()
        : base("check", "Checks a patch set against a binary: build-id, size, SHA-256, old bytes, executable range. Exit code 1 if it does not fit.")
    {
        Arguments.Add(_file);
        Arguments.Add(_binary);
        SetAction(Run);
    }

    public IReadOnlyList<(string Line, string Does)> Examples { get; } =
        [("reflink patch check some.patches /usr/lib/libexample.so", "whether the set fits that file, with every reason why not")];

    private int Run(ParseResult line)
    {
        var (file, elf) = (line.GetValue(_file)!, TypedSites.Open(line.GetValue(_binary)!));
        var set = PatchFiles.Read(file);
        var misfits = PatchFit.Misfits(elf, set);
        if (misfits.Count > 0)
        {
            return Failures.Print(ExitCode.Failure, null, $"'{file}' does not fit '{elf.Path}'; name the file that it was made for, or make the set anew\n  {string.Join("\n  ", misfits)}");
        }

        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"'{file}' fits '{elf.Path}': {Counted.Of(set.Count, "patch", "patches")} on {Counted.Of(set.CountPages(), "page")}, build-id {elf.BuildId ?? "none"}"));
        return ExitCode.Success;
    }
}
