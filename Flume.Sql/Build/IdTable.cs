using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Flume.Sql.Build;

/// <summary>Numbers texts from 1 on, in the order of first use, all in memory: for a build of a whole file.</summary>
/// <remarks>
/// Texts lie outside the heap and never move, so SQLite reads them in place until this is disposed. The hash has a seed
/// of its own in each process, so nobody can choose texts that collide. For one thread.
/// </remarks>
internal sealed unsafe class IdTable : IDisposable
{
    private const int SlabBytes = 1 << 20;

    private static readonly long Seed = Random.Shared.NextInt64();

    private readonly List<nint> _slabs = [];
    private byte*[] _texts = new byte*[1024];
    private (uint Hash, int Id)[] _slots = new (uint, int)[2048];
    private byte* _free;
    private int _left;

    /// <summary>How many texts have a number.</summary>
    internal int Count { get; private set; }

    /// <summary>The number of a text; <paramref name="isNew"/> when it had none.</summary>
    internal int Intern(ReadOnlySpan<byte> utf8, out bool isNew)
    {
        uint hash = (uint)XxHash3.HashToUInt64(utf8, Seed);
        (uint Hash, int Id)[] slots = _slots;
        int mask = slots.Length - 1;
        int at = (int)hash & mask;
        for (; slots[at].Id != 0; at = (at + 1) & mask)
        {
            if (slots[at].Hash != hash || !TextOf(slots[at].Id).SequenceEqual(utf8)) continue;
            isNew = false;
            return slots[at].Id;
        }

        isNew = true;
        int id = ++Count;
        if (id == _texts.Length) Grow();
        _texts[id] = Keep(utf8);
        slots[at] = (hash, id);
        if (Count * 3L > slots.Length * 2L) Widen();
        return id;
    }

    /// <summary>The text of a number that was given.</summary>
    internal ReadOnlySpan<byte> TextOf(int id) => new(_texts[id] + sizeof(int), Unsafe.ReadUnaligned<int>(_texts[id]));

    /// <summary>Where the text of a number lies.</summary>
    internal byte* PointerOf(int id) => _texts[id] + sizeof(int);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (nint slab in _slabs) NativeMemory.Free((void*)slab);
        _slabs.Clear();
        Count = 0;
    }

    private byte* Keep(ReadOnlySpan<byte> utf8)
    {
        int bytes = sizeof(int) + utf8.Length;
        if (bytes > _left)
        {
            _left = Math.Max(bytes, SlabBytes);
            _free = (byte*)NativeMemory.Alloc((nuint)_left);
            _slabs.Add((nint)_free);
        }

        byte* text = _free;
        Unsafe.WriteUnaligned(text, utf8.Length);
        utf8.CopyTo(new Span<byte>(text + sizeof(int), utf8.Length));
        _free += bytes;
        _left -= bytes;
        return text;
    }

    private void Grow()
    {
        var texts = new byte*[_texts.Length * 2];
        Array.Copy(_texts, texts, _texts.Length);
        _texts = texts;
    }

    private void Widen()
    {
        (uint Hash, int Id)[] old = _slots, wide = new (uint, int)[old.Length * 2];
        int mask = wide.Length - 1;
        foreach ((uint Hash, int Id) slot in old)
        {
            if (slot.Id == 0) continue;
            int at = (int)slot.Hash & mask;
            while (wide[at].Id != 0) at = (at + 1) & mask;
            wide[at] = slot;
        }

        _slots = wide;
    }
}
