using System.Globalization;

namespace Flume.Torture;

/// <summary>One run of one kind: its time, its seeds, its folder, and the counts of tries and violations.</summary>
/// <remarks>
/// 1. Each attempt has a seed of its own, one more than the one before. A violation names the seed of its attempt;
///    <c>--seed</c> with it makes that attempt the first one.
/// 2. Everything an attempt chooses comes from its seed. Kinds that start processes also depend on the machine's
/// timing.
/// 3. Counting is thread-safe.
/// </remarks>
internal sealed class TortureRun(string kind, TimeSpan time, TortureOptions options)
{
    private const int ShownPerSort = 3, SaidEveryMs = 60_000;

    private readonly Lock _lock = new();
    private readonly DateTime _end = DateTime.UtcNow + time;
    private readonly SortedDictionary<string, int> _violations = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _notes = new(StringComparer.Ordinal);
    private long _tried, _said = Environment.TickCount64;

    public TortureOptions Options => options;

    /// <summary>What was tried so far.</summary>
    public long Tried => Interlocked.Read(ref _tried);

    /// <summary>How often an expectation was violated.</summary>
    public int Violated { get; private set; }

    public bool IsOver => DateTime.UtcNow >= _end;

    /// <summary>The time that is left.</summary>
    public TimeSpan Left => _end - DateTime.UtcNow;

    /// <summary>The attempts, until the time is over.</summary>
    public IEnumerable<Attempt> Attempts()
    {
        for (int i = 0; i == 0 || !IsOver; i++)
        {
            var attempt = new Attempt(this, options.Seed + i);
            yield return attempt;
            attempt.Clean();
        }
    }

    /// <summary>A new folder name of this run; short, because sockets are bound below it.</summary>
    public string Folder(string name)
    {
        string folder = Path.Combine(options.Work, kind, name);
        Directory.CreateDirectory(folder);
        return folder;
    }

    /// <summary>
    /// The same in memory, where the system has a folder for that: for kinds that make many small files.
    /// </summary>
    public string MemoryFolder(string name)
    {
        const string memory = "/dev/shm";
        if (!Directory.Exists(memory)) return Folder(name);
        return Directory.CreateDirectory(Path.Combine(memory, $"ft-{Environment.ProcessId}-{kind}", name)).FullName;
    }

    /// <summary>Deletes what is in memory.</summary>
    public void Clean()
    {
        string folder = Path.GetDirectoryName(MemoryFolder("x"))!;
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Counts tries. A long run says every minute how far it is.</summary>
    public void Count(int tries = 1)
    {
        long tried = Interlocked.Add(ref _tried, tries);
        long now = Environment.TickCount64, said = Interlocked.Read(ref _said);
        if (now - said > SaidEveryMs && Interlocked.CompareExchange(ref _said, now, said) == said)
            Console.Error.WriteLine($"{kind}: so far tried {tried}, violated {Violated}");
    }

    /// <summary>Counts a violation. The first ones of a sort are printed.</summary>
    /// <param name="seed">The seed of the attempt.</param>
    /// <param name="sort">What was violated, without values.</param>
    /// <param name="details">The values.</param>
    public void Violate(int seed, string sort, string details)
    {
        lock (_lock)
        {
            Violated++;
            int count = _violations[sort] = _violations.GetValueOrDefault(sort) + 1;
            if (count <= ShownPerSort)
                Console.WriteLine($"{kind}: VIOLATION {sort}: {details} (replay with --seed {seed})");
        }
    }

    /// <summary>Counts something worth knowing that is no violation.</summary>
    public void Note(string what, int count = 1)
    {
        lock (_lock) _notes[what] = _notes.GetValueOrDefault(what) + count;
    }

    /// <summary>Prints the counts; the last line is the result.</summary>
    public void Print()
    {
        lock (_lock)
        {
            foreach ((string what, int count) in _notes) Console.WriteLine($"{kind}: {what}: {count:N0}");
            foreach ((string what, int count) in _violations)
                Console.WriteLine($"{kind}: violated: {what}: {count:N0}");
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{kind}: tried {Tried}, violated {Violated}, seed {options.Seed}"));
    }
}

/// <summary>One attempt: a seed, its random source and a folder.</summary>
internal sealed class Attempt(TortureRun run, int seed)
{
    private string? _folder, _memoryFolder;

    public TortureRun Run => run;

    public int Seed => seed;

    public Random Random { get; } = new(seed);

    /// <summary>A folder of its own, made at the first use and deleted at the end of the attempt.</summary>
    public string Folder => _folder ??= run.Folder($"{seed}");

    /// <summary>The same in memory.</summary>
    public string MemoryFolder => _memoryFolder ??= run.MemoryFolder($"{seed}");

    /// <summary>Counts a violation with this attempt's seed.</summary>
    public void Violate(string sort, string details) => run.Violate(seed, sort, details);

    /// <summary>Deletes its folders.</summary>
    public void Clean()
    {
        if (_folder is not null) Directory.Delete(_folder, recursive: true);
        if (_memoryFolder is not null) Directory.Delete(_memoryFolder, recursive: true);
    }
}
