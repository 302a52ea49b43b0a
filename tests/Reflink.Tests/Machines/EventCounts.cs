using Reflink.Units;

namespace Reflink.Tests.Machines;

/// <summary>Counts and adds up the events of a machine, and notices a time that goes back within an account.</summary>
internal sealed class EventCounts
{
    private readonly Dictionary<string, long> _counts = [];
    private readonly Dictionary<(string Event, string Field), long> _sums = [];
    private readonly Dictionary<AccountId, long> _last = [];

    /// <summary>How many events there were.</summary>
    public long Total { get; private set; }

    /// <summary>How many of a name.</summary>
    public long Of(string name) => _counts.GetValueOrDefault(name);

    /// <summary>What the field of all events of a name comes to.</summary>
    public long Sum(string name, string field) => _sums.GetValueOrDefault((name, field));

    /// <summary>Listens.</summary>
    public void Add(MachineEvent told)
    {
        Total++;
        _counts[told.Name] = Of(told.Name) + 1;
        Assert.True(told.Time >= _last.GetValueOrDefault(told.Account), $"{told.Name} of account {told.Account} at {told.Time} goes back");
        _last[told.Account] = told.Time;
        foreach (var field in told.Fields)
        {
            _sums[(told.Name, field.Name)] = Sum(told.Name, field.Name) + field.Value;
        }
    }
}
