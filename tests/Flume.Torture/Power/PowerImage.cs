using Flume.Log;

namespace Flume.Torture.Power;

/// <summary>The files that one power loss left, and what had been acknowledged by then.</summary>
internal sealed class PowerImage
{
    /// <summary>The log's file name.</summary>
    public const string LogName = "log.offset";

    /// <summary>An empty folder.</summary>
    public PowerImage() => (How, Files) = ("empty", []);

    public PowerImage(ModelDisk model, LogBook book, Random random)
    {
        (How, Files) = model.Image(random);
        Step = model.Steps;
        Sent = book.Sent.ToDictionary(sent => sent.Key, sent => sent.Value.ToList());
        Durable = book.DurableAt(Step);
        Deleted = book.DeleteDurableAt(Step);
        PendingDeletes = book.DeleteTriedAt(Step);
        PendingDeletes.ExceptWith(Deleted);
    }

    /// <summary>How the image was chosen.</summary>
    public string How { get; }

    /// <summary>The operations of the disk before the power loss.</summary>
    public int Step { get; }

    public Dictionary<string, byte[]> Files { get; }

    /// <summary>Everything that was sent, by offset.</summary>
    public Dictionary<long, List<byte[]>> Sent { get; } = [];

    /// <summary>The acknowledged records, by offset.</summary>
    public Dictionary<long, byte[]> Durable { get; } = [];

    /// <summary>Offsets of acknowledged deletes.</summary>
    public HashSet<long> Deleted { get; } = [];

    /// <summary>Offsets of deletes that had begun; the intent of each is durable, as the engine does it.</summary>
    public HashSet<long> PendingDeletes { get; } = [];

    /// <summary>Makes the folder with these files only.</summary>
    public void WriteTo(string folder)
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        foreach ((string name, byte[] content) in Files) File.WriteAllBytes(Path.Combine(folder, name), content);
    }

    /// <summary>Ends an interrupted delete, as the engine does at its start.</summary>
    public static void Settle(OffsetLog log, long offset)
    {
        if (log.RefusesWritesBecause is null && offset <= log.Head.Value) log.FinishDelete(new Offset(offset));
    }
}
