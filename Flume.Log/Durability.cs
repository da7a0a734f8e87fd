namespace Flume.Log;

/// <summary>The condition for acknowledging an append.</summary>
public enum Durability
{
    /// <summary>
    /// No condition: a batching caller may acknowledge before the write. The log itself writes as for
    /// <see cref="Os"/>.
    /// </summary>
    Memory,

    /// <summary>The operating system has the bytes. They survive SIGKILL but not a power loss.</summary>
    Os,

    /// <summary>The device has the bytes (fsync). They survive a power loss.</summary>
    Fsync,
}
