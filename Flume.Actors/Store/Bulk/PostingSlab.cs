using System.Runtime.InteropServices;

namespace Flume.Store.Bulk;

/// <summary>Room for postings outside the collector's heap, on large pages where the system has them.</summary>
/// <remarks>
/// 1. Asked for in full, paid for as it is touched: only pages that were written to are resident. 2. Goes back to the
/// system when disposed, so a process that has rebuilt its views is as small as before. 3. Its content is undefined.
/// </remarks>
internal sealed unsafe partial class PostingSlab : IDisposable
{
    /// <summary>A large page. Touching one costs a single fault instead of 512.</summary>
    private const nuint PageBytes = 2 << 20;

    /// <summary>The allocator keeps freed blocks up to this size for itself; beyond it they go back to the system.</summary>
    private const nuint KeptMax = 32 << 20;

    private const int AdviseLargePages = 14;

    private Posting* _first;

    internal PostingSlab(int capacity)
    {
        nuint bytes = Math.Max((nuint)capacity * (nuint)sizeof(Posting), KeptMax + 1);
        bytes = (bytes + PageBytes - 1) & ~(PageBytes - 1);
        _first = (Posting*)NativeMemory.AlignedAlloc(bytes, PageBytes);
        Capacity = (int)Math.Min((nuint)Array.MaxLength, bytes / (nuint)sizeof(Posting));
        // Advice: where it is refused the pages are small and everything else is the same.
        if (OperatingSystem.IsLinux()) _ = Advise(_first, bytes, AdviseLargePages);
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
        NativeMemory.AlignedFree(_first);
        _first = null;
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* start, nuint length, int advice);
}
