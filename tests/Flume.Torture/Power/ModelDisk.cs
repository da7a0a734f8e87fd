namespace Flume.Torture.Power;

/// <summary>A modelled folder: names and files, and which of both a power loss keeps.</summary>
/// <remarks>
/// Two rules for names, chosen for each image. Ordered: the file system writes changes of names in order, and each sync
/// writes all of them so far, as ext4 and XFS do. Strict: a name is sure to be there only after its folder was synced.
/// </remarks>
internal sealed class ModelDisk
{
    private readonly List<NameChange> _changes = [];
    private readonly Dictionary<string, DiskFile> _atStart = new(StringComparer.Ordinal);
    private Dictionary<string, DiskFile> _now = new(StringComparer.Ordinal);
    private int _orderedDurable;

    /// <summary>Operations so far.</summary>
    public int Steps { get; private set; }

    /// <summary>A file that is there from the start, durable.</summary>
    public void AddDurable(string name, byte[] content) => _atStart[name] = _now[name] = new DiskFile(content);

    /// <summary>The file of that name; made when it is missing.</summary>
    public DiskFile Open(string name)
    {
        if (_now.TryGetValue(name, out DiskFile? known)) return known;
        var file = new DiskFile([]);
        Change(new NameChange(name, null, file));
        return file;
    }

    public void Rename(string from, string to) => Change(new NameChange(to, from, _now[from]));

    /// <summary>An operation on a file's content happened.</summary>
    public void Stepped() => Steps++;

    /// <summary>A sync of any file wrote the changes of names so far, under the ordered rule.</summary>
    public void Synced()
    {
        Steps++;
        _orderedDurable = _changes.Count;
    }

    public void SyncedFolder()
    {
        Synced();
        for (int i = 0; i < _changes.Count; i++) _changes[i] = _changes[i] with { IsDurable = true };
    }

    /// <summary>A possible content of the folder after a power loss at this moment, and how it was chosen.</summary>
    public (string How, Dictionary<string, byte[]> Files) Image(Random random)
    {
        bool isStrict = random.Next(4) == 0;
        bool isMixed = random.Next(3) == 0;
        DataRule[] rules = Enum.GetValues<DataRule>();
        DataRule rule = rules[random.Next(rules.Length)];
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach ((string name, DiskFile file) in Names(isStrict, random))
            files[name] = file.Image(isMixed ? rules[random.Next(rules.Length)] : rule, random);
        return ($"{(isStrict ? "strict" : "ordered")} {(isMixed ? "Mixed" : rule)}", files);
    }

    private Dictionary<string, DiskFile> Names(bool isStrict, Random random)
    {
        var names = new Dictionary<string, DiskFile>(_atStart, StringComparer.Ordinal);
        int ordered = random.Next(_orderedDurable, _changes.Count + 1);
        for (int i = 0; i < _changes.Count; i++)
        {
            NameChange change = _changes[i];
            if (isStrict ? change.IsDurable || random.Next(2) == 0 : i < ordered) change.Apply(names);
        }

        return names;
    }

    private void Change(NameChange change)
    {
        Steps++;
        _changes.Add(change);
        change.Apply(_now);
    }

    private sealed record NameChange(string Name, string? From, DiskFile File)
    {
        public bool IsDurable { get; init; }

        public void Apply(Dictionary<string, DiskFile> names)
        {
            if (From is not null) names.Remove(From);
            names[Name] = File;
        }
    }
}
