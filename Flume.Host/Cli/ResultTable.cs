using System.Text.Json;

namespace Flume.Host.Cli;

/// <summary>Prints results as a table: a column for each member that any of them has.</summary>
internal static class ResultTable
{
    private const int CellMax = 60;

    /// <summary>A column for each member that any result has, in the order in which they first appear.</summary>
    public static void Print(Output output, IReadOnlyList<JsonElement> results)
    {
        List<string> names = [];
        foreach (JsonElement result in results)
        {
            if (result.ValueKind != JsonValueKind.Object) continue;
            foreach (JsonProperty member in result.EnumerateObject())
                if (!names.Contains(member.Name)) names.Add(member.Name);
        }

        bool plain = names.Count == 0;
        TextTable table = new(plain ? ["value"] : [.. names.Select(name => IsNumber(results, name) ? $">{name}" : name)]);
        foreach (JsonElement result in results)
        {
            table.Add(plain || result.ValueKind != JsonValueKind.Object
                ? [Cell(result), .. Enumerable.Repeat("", Math.Max(0, names.Count - 1))]
                : [.. names.Select(name => result.TryGetProperty(name, out JsonElement value) ? Cell(value) : "")]);
        }

        table.Print(output);
    }

    private static bool IsNumber(IReadOnlyList<JsonElement> results, string name) => results.All(result =>
        result.ValueKind == JsonValueKind.Object
        && (!result.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Number));

    private static string Cell(JsonElement value)
    {
        string text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        text = text.ReplaceLineEndings(" ");
        return text.Length <= CellMax ? text : string.Concat(text.AsSpan(0, CellMax - 1), "…");
    }
}
