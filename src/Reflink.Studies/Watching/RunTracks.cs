using System.Globalization;
using Reflink.Units;

namespace Reflink.Studies.Watching;

/// <summary>
/// What events need beside themselves: times since the run began, which go on after a crash though the clock of the machine that is switched on then resumes at its last
/// sync, and the names of accounts.
/// </summary>
internal sealed class RunTracks
{
    private readonly Dictionary<AccountId, string> _names = [];
    private Machine? _machine;
    private long _offset;

    /// <summary>The latest time so far, in nanoseconds since the run began.</summary>
    public long Latest { get; private set; }

    /// <summary>How many machines were switched on.</summary>
    public int Machines { get; private set; }

    /// <summary>The machine that is on.</summary>
    /// <exception cref="InvalidOperationException">None was switched on yet.</exception>
    public Machine Machine => _machine ?? throw new InvalidOperationException("no machine was switched on yet");

    /// <summary>Accounts are told anew: another machine has others.</summary>
    public void SwitchedOn(Machine machine)
    {
        _machine = machine;
        _offset = Latest - machine.Clock.Now;
        Machines++;
        _names.Clear();
    }

    /// <summary>Nanoseconds since the run began, of a time of the machine's clock.</summary>
    public long Time(long time)
    {
        var since = time + _offset;
        Latest = Math.Max(Latest, since);
        return since;
    }

    /// <summary>The present time, in nanoseconds since the run began.</summary>
    public long Now() => Time(Machine.Clock.Now);

    /// <summary>The name of an account: a daemon's, or that of a process with its number behind, as ftrace prints it.</summary>
    public string NameOf(AccountId account)
    {
        if (!_names.TryGetValue(account, out var name))
        {
            _names[account] = name = Find(account);
        }

        return name;
    }

    private string Find(AccountId account) =>
        account == default ? "machine"
        : account == Machine.KswapdAccount ? "kswapd"
        : account == Machine.FlusherAccount ? "flusher"
        : account == Machine.Ksm.Account ? "ksmd"
        : Machine.Processes.All.FirstOrDefault(process => process.Account == account) is { } found ? string.Create(CultureInfo.InvariantCulture, $"{found.Name}-{found.Id}")
        : Machine.Ksm.Partitions.FirstOrDefault(partition => partition.Account == account) is { } merger ? $"ksmd of {merger.Name}"
        : $"account {account}";
}
