using System.Runtime.InteropServices;

namespace Flume.Store.Bulk;

/// <summary>Room for postings outside the collector's heap.</summary>
/// <remarks>
/// 1. Asked for in full, paid for as it is touched: only pages that were written to are resident. 2. Goes back to the
/// system when disposed, so a process that has rebuilt its views is as small as before. 3. Its content is undefined.
/// Small pages on purpose: a virtual machine gives large free pages back to its host, and getting them again costs
/// more than the faults that they save.
/// </remarks>
internal sealed unsafe class PostingSlab : IDisposable
{
    /// <summary>The allocator keeps freed blocks up to this size for itself; beyond it they go back to the system.</summary>
    private const nuint KeptMax = 32 << 20;

    private Posting* _first;

    internal PostingSlab(int capacity)
    {
        nuint bytes = Math.Max((nuint)capacity * (nuint)sizeof(Posting), KeptMax + 1);
        _first = (Posting*)NativeMemory.Alloc(bytes);
        Capacity = (int)Math.Min((nuint)Array.MaxLength, bytes / (nuint)sizeof(Posting));
    }

    /// <summary>Gives memory back that nobody disposed of.</summary>
    ~PostingSlab() => Free();

    /// <summary>Postings that there is room for: as many as asked for, or more.</summary>
    internal int Capacity { get; }

    /// <summary>The first posting; valid until this is disposed.</summary>
    internal Posting* First => _first;

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
