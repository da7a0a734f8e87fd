using System.Runtime.InteropServices;

namespace Flume.Views.Store.Native;

/// <summary>A native object that belongs to no database. Disposal or the finalizer frees it.</summary>
internal abstract class RocksHandle : SafeHandle
{
    private protected RocksHandle(nint created)
        : base(0, ownsHandle: true) => SetHandle(created);

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>The native pointer. The caller keeps this object alive during the call.</summary>
    /// <exception cref="ObjectDisposedException">The object was freed.</exception>
    internal nint Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            return handle;
        }
    }

    private protected abstract void Free(nint pointer);

    /// <inheritdoc/>
    protected sealed override bool ReleaseHandle()
    {
        Free(handle);
        return true;
    }
}
