using Flume.Tools.Generate.Planning;

namespace Flume.Tools.Generate.Signing;

/// <summary>
/// Signs a window of plans on several threads: one author's messages in order, different authors in parallel.
/// </summary>
/// <remarks>
/// 1. A message mentions only messages of earlier windows and its author's previous one. Authors are therefore
/// independent, and the bytes do not depend on timing.
/// 2. Each position in the window has a buffer, which the next window reuses.
/// </remarks>
internal sealed class WindowSigner
{
    private readonly RecordMaker[] _makers;
    private readonly JsonBuffer[] _records;
    private readonly long[] _order;
    private readonly int[] _groups;

    /// <summary>Creates buffers for windows of up to <paramref name="windowMax"/> messages.</summary>
    public WindowSigner(int threads, int windowMax, Func<RecordMaker> maker)
    {
        _makers = new RecordMaker[threads];
        for (int i = 0; i < threads; i++) _makers[i] = maker();
        _records = new JsonBuffer[windowMax];
        for (int i = 0; i < windowMax; i++) _records[i] = new JsonBuffer();
        _order = new long[windowMax];
        _groups = new int[windowMax + 1];
    }

    /// <summary>The record at <paramref name="place"/> of the last signed window.</summary>
    public ReadOnlyMemory<byte> Record(int place) => _records[place].Memory;

    /// <summary>Signs <paramref name="count"/> plans; their records are ready when it returns.</summary>
    public void Sign(MessagePlan[] plans, int count)
    {
        int groups = Group(plans, count), next = -1;
        void Work(int thread)
        {
            for (int group = Interlocked.Increment(ref next); group < groups; group = Interlocked.Increment(ref next))
                SignGroup(_makers[thread], plans, group);
        }
        if (_makers.Length == 1) Work(0);
        else Parallel.For(0, _makers.Length, new ParallelOptions { MaxDegreeOfParallelism = _makers.Length }, Work);
    }

    private void SignGroup(RecordMaker maker, MessagePlan[] plans, int group)
    {
        for (int i = _groups[group]; i < _groups[group + 1]; i++)
        {
            int place = (int)(_order[i] & int.MaxValue);
            maker.Make(plans[place], _records[place]);
        }
    }

    // Author 0 has the longest chain and starts first, so that it does not delay the end of the window.
    private int Group(MessagePlan[] plans, int count)
    {
        for (int place = 0; place < count; place++) _order[place] = ((long)plans[place].Author << 32) | (uint)place;
        Array.Sort(_order, 0, count);
        int groups = 0;
        for (int i = 0; i < count; i++)
            if (i == 0 || _order[i] >> 32 != _order[i - 1] >> 32) _groups[groups++] = i;
        _groups[groups] = count;
        return groups;
    }
}
