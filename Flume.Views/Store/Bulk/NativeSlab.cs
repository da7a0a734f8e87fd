using System.Runtime.InteropServices;

namespace Flume.Views.Store.Bulk;

/// <summary>Memory outside the garbage-collected heap.</summary>
/// <remarks>
/// 1. The slab reserves all its bytes, but only touched pages are resident.
/// 2. Disposal returns it to the system, so a process returns to its earlier size after a rebuild.
/// 3. Its content is undefined.
/// It uses small pages. A virtual machine returns free huge pages to its host. Allocating them again costs more time
/// than the page faults that they save.
/// </remarks>
internal sealed unsafe class NativeSlab : IDisposable
{
    /// <summary>The allocator keeps freed blocks up to this size. Larger blocks return to the system.</summary>
    private const long KeptMax = 32 << 20;

    private byte* _first;

    internal NativeSlab(long bytes)
    {
        Bytes = Math.Max(bytes, KeptMax + 1);
        _first = (byte*)NativeMemory.Alloc((nuint)Bytes);
    }

    /// <summary>Frees the memory if the owner did not dispose it.</summary>
    ~NativeSlab() => Free();

    /// <summary>The size in bytes, at least the requested size.</summary>
    internal long Bytes { get; }

    /// <summary>The first byte. Valid until disposal.</summary>
    internal byte* First => _first;

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.Free(_first);
        _first = null;
    }
}
