namespace Flume.Log;

/// <summary>What an append waits for before it is acknowledged.</summary>
public enum Durability
{
    /// <summary>
    /// Nothing: whoever batches appends may acknowledge before the write. The log itself writes it like
    /// <see cref="Os"/>.
    /// </summary>
    Memory,

    /// <summary>The bytes are with the operating system: survives SIGKILL, not power loss.</summary>
    Os,

    /// <summary>The bytes are on the device (fsync): survives power loss.</summary>
    Fsync,
}
