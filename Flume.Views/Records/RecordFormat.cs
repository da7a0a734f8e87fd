namespace Flume.Views.Records;

/// <summary>How the records of a log are decoded for its views. Safe for any number of threads.</summary>
public class RecordFormat
{
    /// <summary>Any JSON records.</summary>
    public static RecordFormat Json { get; } = new();

    /// <summary>Made by derived formats and by <see cref="Json"/>.</summary>
    protected RecordFormat()
    {
    }

    /// <summary>A decoder for one thread.</summary>
    public virtual RecordDecoder NewDecoder() => new();

    /// <summary>Makes durable what decoding remembered. It loses nothing but time when it fails.</summary>
    protected internal virtual void Flush()
    {
    }
}
