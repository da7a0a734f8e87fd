namespace Flume.Views.Records;

/// <summary>Decodes the records of a log for its views. Thread-safe.</summary>
public class RecordFormat
{
    /// <summary>The format of JSON records.</summary>
    public static RecordFormat Json { get; } = new();

    /// <summary>Only derived formats and <see cref="Json"/> call this constructor.</summary>
    protected RecordFormat()
    {
    }

    /// <summary>
    /// The id of the key pair that the decoded records depend on; empty for none. Rows of another reader are rebuilt.
    /// </summary>
    public virtual string Reader => "";

    /// <summary>Creates a decoder for one thread.</summary>
    public virtual RecordDecoder NewDecoder() => new();

    /// <summary>Makes cached decoding results durable. A failure costs only time.</summary>
    protected internal virtual void Flush()
    {
    }
}
