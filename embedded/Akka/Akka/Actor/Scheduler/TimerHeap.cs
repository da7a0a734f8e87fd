namespace Akka.Actor;

/// <summary>Something that is due at a time. Knows its place in the heap so that it can be taken out.</summary>
internal abstract class TimerEntry
{
    /// <summary>Ticks of 100 ns on the scheduler's clock.</summary>
    public long Due;

    /// <summary>Tells apart entries that are due at the same time: the one scheduled first comes first.</summary>
    public long Order;

    /// <summary>Place in the heap, or -1.</summary>
    public int Index = -1;

    /// <summary>Ticks until it is due again; 0 for once.</summary>
    public long Interval;

    public ICancelable Cancelable;

    public abstract void Fire();
}

/// <summary>Entries by when they are due.</summary>
/// <remarks>
/// 1. A binary heap: no entry is due before its parent, and each entry's Index is its place.
/// 2. Not thread-safe.
/// </remarks>
internal sealed class TimerHeap
{
    private readonly List<TimerEntry> _entries = [];

    public TimerEntry First => _entries.Count == 0 ? null : _entries[0];

    public void Add(TimerEntry entry)
    {
        _entries.Add(entry);
        entry.Index = _entries.Count - 1;
        Rise(entry.Index);
    }

    /// <summary>Takes an entry out; nothing happens if it is not in.</summary>
    public void Remove(TimerEntry entry)
    {
        var place = entry.Index;
        if (place < 0)
            return;
        entry.Index = -1;
        var last = _entries[^1];
        _entries.RemoveAt(_entries.Count - 1);
        if (last == entry)
            return;
        Put(last, place);
        Rise(place);
        Sink(last.Index);
    }

    public void Clear()
    {
        foreach (var entry in _entries)
            entry.Index = -1;
        _entries.Clear();
    }

    private static bool IsBefore(TimerEntry a, TimerEntry b) => a.Due < b.Due || (a.Due == b.Due && a.Order < b.Order);

    private void Put(TimerEntry entry, int place)
    {
        _entries[place] = entry;
        entry.Index = place;
    }

    private void Rise(int place)
    {
        var entry = _entries[place];
        while (place > 0 && IsBefore(entry, _entries[(place - 1) / 2]))
        {
            Put(_entries[(place - 1) / 2], place);
            place = (place - 1) / 2;
        }
        Put(entry, place);
    }

    private void Sink(int place)
    {
        var entry = _entries[place];
        while (true)
        {
            var child = (2 * place) + 1;
            if (child + 1 < _entries.Count && IsBefore(_entries[child + 1], _entries[child]))
                child++;
            if (child >= _entries.Count || !IsBefore(_entries[child], entry))
                break;
            Put(_entries[child], place);
            place = child;
        }
        Put(entry, place);
    }
}
