using System.Text;
using Flume.Query.Json;

namespace Flume.Host.Cli;

/// <summary>Prints results as a table: a column for each member that any of them has.</summary>
internal static class ResultTable
{
    private const int CellMax = 60;

    /// <summary>A column for each member that any result has, in the order in which they first appear.</summary>
    public static void Print(Output output, IReadOnlyList<JsValue> results)
    {
        List<string> names = [];
        foreach (JsValue result in results)
        {
            if (!result.IsObject) continue;
            foreach ((string name, _) in result.AsObject)
                if (!names.Contains(name)) names.Add(name);
        }

        bool plain = names.Count == 0;
        TextTable table = new(
            plain ? ["value"] : [.. names.Select(name => IsNumber(results, name) ? $">{name}" : name)]);
        foreach (JsValue result in results)
        {
            table.Add(plain || !result.IsObject
                ? [Cell(result), .. Enumerable.Repeat("", Math.Max(0, names.Count - 1))]
                : [.. names.Select(name => Cell(result[name]))]);
        }

        table.Print(output);
    }

    private static bool IsNumber(IReadOnlyList<JsValue> results, string name) => results.All(result =>
        result.IsObject && (result[name].IsUndefined || result[name].IsNumber));

    private static string Cell(JsValue value)
    {
        string text = value.IsUndefined ? "" : value.IsString ? value.AsString
            : value.TryGetRaw(out ReadOnlyMemory<byte> raw) ? Encoding.UTF8.GetString(raw.Span) : value.ToJson();
        text = text.ReplaceLineEndings(" ");
        return text.Length <= CellMax ? text : string.Concat(text.AsSpan(0, CellMax - 1), "…");
    }
}
