using System.CommandLine;
using Reflink.Descriptions.Formats;

namespace Reflink.Cli.Describing;

/// <summary>The options of a command that writes a description.</summary>
internal sealed class DescriptionOutput
{
    private readonly Option<string?> _output = OptionKinds.Target("--output", "Where to write it; standard output if nowhere");
    private readonly Option<string> _format;

    public DescriptionOutput(Command command)
    {
        _format = OptionKinds.Choice("--format", DescriptionInput.Formats, "The format to write", DescriptionInput.Formats[0]);
        command.Options.Add(_output);
        command.Options.Add(_format);
    }

    public void Write(ParseResult line, ChangeDescription description) =>
        HostOutput.WriteTo(line.GetValue(_output), DescriptionFiles.Write(description, DescriptionInput.ParseFormat(line.GetValue(_format)!)));
}
