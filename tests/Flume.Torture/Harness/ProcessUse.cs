using System.Globalization;

namespace Flume.Torture;

/// <summary>What a process uses, as Linux says it.</summary>
/// <param name="ResidentMb">Resident memory in MiB, mapped files included.</param>
/// <param name="OwnMb">Resident memory that no file backs, in MiB.</param>
/// <param name="Threads">Threads.</param>
/// <param name="Handles">Open file descriptors.</param>
internal readonly record struct ProcessUse(long ResidentMb, long OwnMb, long Threads, long Handles)
{
    public static ProcessUse Of(int pid)
    {
        Dictionary<string, string> status = File.ReadLines($"/proc/{pid}/status")
            .Select(line => line.Split(':', 2)).Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => pair[1].Trim());
        return new ProcessUse(
            Number(status["VmRSS"]) >> 10, Number(status["RssAnon"]) >> 10, Number(status["Threads"]),
            Directory.GetFiles($"/proc/{pid}/fd").Length);
    }

    public override string ToString() => $"{ResidentMb} MiB ({OwnMb} own), {Threads} threads, {Handles} handles";

    private static long Number(string text) => long.Parse(text.Split(' ')[0], CultureInfo.InvariantCulture);
}
