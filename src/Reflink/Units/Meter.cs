using System.Runtime.CompilerServices;

namespace Reflink.Units;

/// <summary>
/// Counts work by kind and by who caused it. Strata say what they did, the machine says what it costs (<see cref="Price"/>).
/// </summary>
public sealed class Meter
{
    private static readonly int s_kinds = Enum.GetValues<WorkKind>().Length;
    private readonly List<long[]> _accounts = [new long[s_kinds]];
    private readonly long[] _total = new long[s_kinds];
    private readonly long[] _prices = new long[s_kinds];
    private long[] _current;

    /// <summary>A meter whose account 0 is the machine's.</summary>
    public Meter()
    {
        _current = _accounts[0];
        Events = new EventStream(this);
    }

    /// <summary>Tells what happens, if somebody listens.</summary>
    internal EventStream Events { get; }

    /// <summary>The same while somebody listens; null otherwise, so that <c>Tracing?.</c> costs one comparison.</summary>
    internal EventStream? Tracing => Events.Listener is null ? null : Events;

    /// <summary>The account that pays now.</summary>
    public AccountId Current { get; private set; }

    /// <summary>How many scopes (<see cref="As"/>) have begun and not ended: 0 between the calls of processes.</summary>
    internal int Depth { get; set; }

    /// <summary>What all work so far cost, at the prices of when it was done; kept as it grows, for the clock is read at every write.</summary>
    public long Cost { get; private set; }

    /// <summary>How many accounts there are.</summary>
    public int AccountCount => _accounts.Count;

    /// <summary>Opens an account.</summary>
    public AccountId Open()
    {
        _accounts.Add(new long[s_kinds]);
        return new AccountId(_accounts.Count - 1);
    }

    /// <summary>Lets <paramref name="account"/> pay from now on, and returns who paid before, to be given back.</summary>
    public AccountId Charge(AccountId account)
    {
        var before = Current;
        Current = account;
        _current = _accounts[account.Value];
        return before;
    }

    /// <summary>Lets <paramref name="account"/> pay until the scope ends.</summary>
    public MeterScope As(AccountId account) => new(this, account);

    /// <summary>Counts work for the account that pays now.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Count(WorkKind kind, long times = 1)
    {
        _current[(int)kind] += times;
        _total[(int)kind] += times;
        Cost += times * _prices[(int)kind];
    }

    /// <summary>
    /// What was counted since <see cref="Cost"/> was <paramref name="before"/> was done beside everything else, on a processor of its own: it stays counted, but
    /// takes no time of the machine.
    /// </summary>
    /// <returns>What it cost, in nanoseconds.</returns>
    internal long TakeBeside(long before)
    {
        var spent = Cost - before;
        Cost = before;
        return spent;
    }

    /// <summary>Says what each kind of work costs from now on, in nanoseconds, in the kinds' order.</summary>
    internal void Price(ReadOnlySpan<long> prices) => prices.CopyTo(_prices);

    /// <summary>How often an account caused that kind of work.</summary>
    public long Of(AccountId account, WorkKind kind) => _accounts[account.Value][(int)kind];

    /// <summary>How often that kind of work was done at all.</summary>
    public long Total(WorkKind kind) => _total[(int)kind];
}
