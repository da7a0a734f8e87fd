using System.Runtime.CompilerServices;

namespace Flume.Sql.Rows;

/// <summary>Rows in an array that is kept from block to block.</summary>
internal sealed class RowList<T> where T : struct
{
    private T[] _items = new T[256];

    /// <summary>How many there are.</summary>
    internal int Count { get; private set; }

    /// <summary>The row at an index below <see cref="Count"/>.</summary>
    internal ref T this[int index] => ref _items[index];

    /// <summary>Room for one more, still with what an earlier block left there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ref T Add()
    {
        if (Count == _items.Length) Array.Resize(ref _items, Count * 2);
        return ref _items[Count++];
    }

    /// <summary>Empties it and keeps its memory.</summary>
    internal void Clear() => Count = 0;
}
