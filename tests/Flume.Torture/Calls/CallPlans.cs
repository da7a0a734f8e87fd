namespace Flume.Torture.Calls;

/// <summary>
/// Which calls fail: each class with each error, one call further in each trial, until the run has no such call.
/// </summary>
/// <remarks>The number of a trial is <c>plan * 10,000 + N</c>; it is what <c>--seed</c> takes.</remarks>
internal sealed class CallPlans
{
    private const int TrialsOfPlan = 10_000, MissesMax = 2;
    private const int Enospc = 28, Eio = 5, Emfile = 24, Enomem = 12, Edquot = 122;
    private const string NoStores = "!/store-", Stores = "/store-";

    private static readonly Plan[] All =
    [
        new(new Fault(CallClass.Fsync, Eio, 1) { Paths = NoStores }, 1),
        new(new Fault(CallClass.Write, Enospc, 1) { Paths = NoStores }, 1),
        new(new Fault(CallClass.Rename, Eio, 1) { Paths = NoStores }, 1),
        new(new Fault(CallClass.FolderSync, Eio, 1) { Paths = NoStores }, 1),
        new(new Fault(CallClass.Truncate, Eio, 1) { Paths = NoStores }, 1),
        new(new Fault(CallClass.Mkdir, Enospc, 1) { Paths = NoStores }, 1),
        new(new Fault(CallClass.Write, Enospc, 1) { Paths = NoStores, IsTorn = true }, 1),
        new(new Fault(CallClass.Write, Eio, 1) { Paths = NoStores, Count = 0 }, 5),
        new(new Fault(CallClass.Mmap, Enomem, 1) { Paths = NoStores }, 1),
        new(new Fault(CallClass.Unlink, Eio, 1) { Paths = NoStores }, 2),
        new(new Fault(CallClass.Open, Emfile, 1) { Paths = NoStores }, 3),
        new(new Fault(CallClass.Fsync, Eio, 1) { Paths = NoStores, Count = 0 }, 5),
        new(new Fault(CallClass.Write, Edquot, 1) { Paths = Stores }, 37),
        new(new Fault(CallClass.Fsync, Eio, 1) { Paths = Stores }, 19),
        new(new Fault(CallClass.Open, Emfile, 1) { Paths = Stores }, 53),
        new(new Fault(CallClass.Rename, Eio, 1) { Paths = Stores }, 7),
        new(new Fault(CallClass.Mkdir, Enospc, 1) { Paths = Stores }, 5),
        new(new Fault(CallClass.Write, Eio, 1) { Paths = Stores, Count = 0 }, 101),
    ];

    private readonly int[] _next = [.. All.Select(_ => 1)];
    private readonly int[] _misses = new int[All.Length];
    private int _turn;

    /// <summary>True when every plan is through.</summary>
    public bool IsDone => Array.TrueForAll(_misses, misses => misses >= MissesMax);

    /// <summary>The fault of a trial.</summary>
    public static Fault Of(int trial) =>
        All[trial / TrialsOfPlan % All.Length].Fault with { Nth = trial % TrialsOfPlan };

    /// <summary>The number of the next trial; the plans take turns.</summary>
    public int Next()
    {
        while (_misses[_turn % All.Length] >= MissesMax) _turn++;
        int plan = _turn++ % All.Length;
        int nth = _next[plan];
        _next[plan] += All[plan].Step;
        return plan * TrialsOfPlan + nth;
    }

    /// <summary>The run of this trial had no such call any more.</summary>
    public void Missed(int trial) => _misses[trial / TrialsOfPlan]++;

    private sealed record Plan(Fault Fault, int Step);
}
