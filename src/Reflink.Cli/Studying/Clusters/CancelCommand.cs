using System.CommandLine;
using Reflink.Studies.Clusters;
using Reflink.Units;

namespace Reflink.Cli.Studying.Clusters;

/// <summary>Ends a study on a cluster.</summary>
internal sealed class CancelCommand : Command, IHasExamples
{
    private readonly Argument<string> _id = OptionKinds.Word("ID", "The study, as 'reflink study run --detach' printed it and 'reflink study list --cluster' lists it");
    private readonly AccessOptions _access = new(new ClusterOption("The cluster that runs it") { Required = true });

    public CancelCommand()
        : base("cancel", "Ends a study on a cluster. Its results stay there, and handing it in again takes it up where it was.")
    {
        Arguments.Add(_id);
        _access.AddTo(this);
        SetAction(Run);
    }

    public IReadOnlyList<(string Line, string Does)> Examples { get; } =
        [("reflink study cancel clones-ac407ce32631 --cluster http://127.0.0.1:7411", "no further run of it is begun")];

    private int Run(ParseResult line)
    {
        using var client = _access.Client(line);
        var status = client.Cancel(line.GetValue(_id)!).GetAwaiter().GetResult();
        return status.State == StudyState.Cancelled ? Told($"study {status.Id} is cancelled; {status.Done} of {status.Total} runs are done")
            : throw new ReflinkException(Errno.EINVAL, $"study {status.Id} was done already; 'reflink study attach {status.Id}' fetches its results");
    }

    private static int Told(string text)
    {
        Console.Out.WriteLine(text);
        return ExitCode.Success;
    }
}
