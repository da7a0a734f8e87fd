using System.Collections.Concurrent;

namespace Flume.Torture.Kill;

/// <summary>What clients sent to an identity and what was acknowledged, across the kills of one life.</summary>
internal sealed class Ledger
{
    private int _serial, _answers;

    /// <summary>Every record that was sent to the log, with its writer and number.</summary>
    public ConcurrentDictionary<string, (string Writer, int Number)> Sent { get; } = new(StringComparer.Ordinal);

    /// <summary>Acknowledged records by offset.</summary>
    public ConcurrentDictionary<long, string> Appended { get; } = new();

    /// <summary>Keys of acknowledged messages.</summary>
    public ConcurrentDictionary<string, bool> Published { get; } = new(StringComparer.Ordinal);

    /// <summary>Keys of messages of which a delete was asked; true when it was acknowledged.</summary>
    public ConcurrentDictionary<string, bool> Deletes { get; } = new(StringComparer.Ordinal);

    /// <summary>
    /// True when a pause of the view 'about' was acknowledged, false when a resume was; null when unknown.
    /// </summary>
    public bool? AboutIsPaused { get; set; }

    /// <summary>True when a backup was acknowledged.</summary>
    public bool HasBackup { get; set; }

    /// <summary>
    /// Acknowledgements of the present cycle; a kill waits for some, so that it meets a server that works.
    /// </summary>
    public int Answers => Volatile.Read(ref _answers);

    public void BeginCycle() => Volatile.Write(ref _answers, 0);

    public void Answered() => Interlocked.Increment(ref _answers);

    /// <summary>A record that no other record equals.</summary>
    public string Next(string writer, int padding)
    {
        int number = Interlocked.Increment(ref _serial);
        string record = $"{{\"torture\":{number},\"by\":\"{writer}\",\"pad\":\"{new string('x', padding)}\"}}";
        Sent[record] = (writer, number);
        return record;
    }
}
