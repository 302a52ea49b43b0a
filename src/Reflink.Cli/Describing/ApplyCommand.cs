using System.CommandLine;
using Reflink.Descriptions.Content;

namespace Reflink.Cli.Describing;

/// <summary>Makes a file of this computer as a description says.</summary>
internal sealed class ApplyCommand : Command, IHasExamples
{
    private const int Chunk = 1 << 20;

    private readonly Argument<string> _file = OptionKinds.Input("FILE", "A description in any format, or a patch set; a dash is standard input");
    private readonly Argument<string[]> _bases = OptionKinds.Files("BASE", "The files that it copies from, in its order");
    private readonly Option<string?> _output = OptionKinds.Target("--output", "The file to make; standard output if nowhere");

    public ApplyCommand()
        : base("apply", "Makes the file that a description describes, after its bases were checked. A file that is there is replaced when all is written.")
    {
        Arguments.Add(_file);
        Arguments.Add(_bases);
        Options.Add(_output);
        SetAction(Run);
    }

    public IReadOnlyList<(string Line, string Does)> Examples { get; } = [("reflink derive apply changes old.so --output new.so", "the new file, from the old one and what changed")];

    private int Run(ParseResult line)
    {
        using var interruption = new Interruption();
        return interruption.Guard(() =>
        {
            var given = line.GetValue(_bases)!.Select(DescriptionInput.Open).ToArray();
            var description = DescriptionInput.Read(line.GetValue(_file)!, CheckCommand.SizeOf(given));
            var bases = DescriptionInput.InOrder(description, given);
            description.Check(bases);
            if (line.GetValue(_output) is { } path and not OptionKinds.Standard)
            {
                HostOutput.Write(path, stream => Copy(description.Result(bases), stream, interruption.Token));
            }
            else
            {
                using var output = Console.OpenStandardOutput();
                Copy(description.Result(bases), output, interruption.Token);
            }

            return ExitCode.Success;
        });
    }

    // Holes stay holes where the target can seek, as a file can and a pipe cannot.
    private static void Copy(ByteSource result, Stream to, CancellationToken cancel)
    {
        var buffer = new byte[Chunk];
        for (var at = 0L; at < result.Length;)
        {
            cancel.ThrowIfCancellationRequested();
            var next = to.CanSeek ? result.NextData(at) : at;
            var part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, result.Length - next));
            result.Read(next, part);
            if (next > at)
            {
                to.Seek(next - at, SeekOrigin.Current);
            }

            to.Write(part);
            at = next + part.Length;
        }

        if (to.CanSeek)
        {
            to.SetLength(result.Length);
        }
    }
}
