using System.Runtime.InteropServices;

namespace Flume.Views.Store.Bulk;

/// <summary>Memory outside the collector's heap.</summary>
/// <remarks>
/// 1. Asked for in full, paid for as it is touched: only pages that were written to are resident. 2. Goes back to the
/// system when disposed, so a process that has rebuilt its views is as small as before. 3. Its content is undefined.
/// Small pages on purpose: a virtual machine gives large free pages back to its host, and getting them again costs
/// more than the faults that they save.
/// </remarks>
internal sealed unsafe class NativeSlab : IDisposable
{
    /// <summary>The allocator keeps freed blocks up to this size for itself; beyond it they go back to the system.</summary>
    private const long KeptMax = 32 << 20;

    private byte* _first;

    internal NativeSlab(long bytes)
    {
        Bytes = Math.Max(bytes, KeptMax + 1);
        _first = (byte*)NativeMemory.Alloc((nuint)Bytes);
    }

    /// <summary>Gives memory back that nobody disposed of.</summary>
    ~NativeSlab() => Free();

    /// <summary>How much there is: as much as asked for, or more.</summary>
    internal long Bytes { get; }

    /// <summary>The first byte; valid until this is disposed.</summary>
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
