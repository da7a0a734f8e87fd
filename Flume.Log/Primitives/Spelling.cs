namespace Flume.Log.Primitives;

/// <summary>Finds the known name that an unknown one was probably meant to be.</summary>
internal static class Spelling
{
    private const int PrefixMin = 3;

    /// <summary>
    /// A sentence such as <c> Did you mean 'feeds'?</c>, with a space before it; empty when no name is near.
    /// </summary>
    public static string Hint(string typed, IEnumerable<string> known) =>
        Nearest(typed, known) is { } near ? $" Did you mean '{near}'?" : "";

    /// <summary>The most similar name; null when none is near.</summary>
    public static string? Nearest(string typed, IEnumerable<string> known)
    {
        string? best = null;
        int least = Math.Max(1, typed.Length / 3) + 1;
        foreach (string name in known)
        {
            int distance = typed.Length >= PrefixMin && name.StartsWith(typed, StringComparison.OrdinalIgnoreCase)
                ? 1
                : Distance(typed, name);
            if (distance >= least) continue;
            least = distance;
            best = name;
        }

        return best;
    }

    /// <summary>The number of characters to insert, delete or replace (Levenshtein), ignoring case.</summary>
    public static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                bool isSame = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]);
                int swap = diagonal + (isSame ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(swap, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
