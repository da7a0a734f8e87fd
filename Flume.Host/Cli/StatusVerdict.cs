using System.Text.Json;

namespace Flume.Host.Cli;

/// <summary>One line that says whether all is well, from the status of all identities.</summary>
internal static class StatusVerdict
{
    private const int NamedMax = 3;

    /// <summary>The line: <c>healthy: …</c>, or <c>NOT HEALTHY: …</c> with what is wrong.</summary>
    /// <param name="identities">The array of identities.</param>
    /// <param name="empty">What is said when there are none.</param>
    public static string Of(JsonElement identities, string empty = "no identities yet; 'flume create NAME' makes one")
    {
        List<string> wrong = [];
        SortedDictionary<string, int> states = new(StringComparer.Ordinal);
        int count = 0, views = 0;
        foreach (JsonElement identity in identities.EnumerateArray())
        {
            count++;
            string name = identity.GetProperty("name").GetString()!;
            if (identity.TryGetProperty("error", out _))
            {
                wrong.Add($"{name} can't be opened");
                continue;
            }

            if (identity.GetProperty("readOnly").ValueKind == JsonValueKind.String && !identity.GetProperty("following").GetBoolean())
                wrong.Add($"{name} refuses appends");
            foreach (JsonElement view in identity.GetProperty("views").EnumerateArray())
            {
                views++;
                string state = view.GetProperty("state").GetString()!;
                states[state] = states.GetValueOrDefault(state) + 1;
                if (state == "faulted") wrong.Add($"{name}'s view {view.GetProperty("name").GetString()} is faulted");
            }
        }

        string whole = $"{Count(count, "identity", "identities")}, {Count(views, "view", "views")}{States(states, views)}";
        if (count == 0) return $"healthy: {empty}";
        if (wrong.Count == 0) return $"healthy: {whole}";
        string more = wrong.Count > NamedMax ? $", and {wrong.Count - NamedMax} more" : "";
        return $"NOT HEALTHY: {string.Join(", ", wrong.Take(NamedMax))}{more} ({whole})";
    }

    private static string States(SortedDictionary<string, int> states, int views) => (states.Count, views) switch
    {
        (0, _) => "",
        (1, 1) => $", {states.First().Key}",
        (1, _) => $", all {states.First().Key}",
        _ => $": {string.Join(", ", states.Select(state => $"{state.Value} {state.Key}"))}",
    };

    private static string Count(int count, string one, string many) =>
        count == 1 ? $"1 {one}" : $"{Units.Count(count)} {many}";
}
