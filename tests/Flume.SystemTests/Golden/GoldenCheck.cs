using System.Security.Cryptography;
using System.Text;
using Flume.Query.Json;

namespace Flume.SystemTests.Golden;

/// <summary>Compares an answer with a golden one: deep equality after JSON parsing, order of rows included.</summary>
internal static class GoldenCheck
{
    /// <summary>What differs, or null: for an answer of rows.</summary>
    internal static string? Rows(JsValue expected, string? project, IReadOnlyList<JsValue> rows)
    {
        if (!expected["rows"].IsUndefined) return Lists(expected["rows"].AsArray, rows);
        if (!expected["keys"].IsUndefined)
        {
            string? keys = Lists(expected["keys"].AsArray, [.. rows.Select(row => row["key"])]);
            if (keys is not null || expected["count"].IsUndefined) return keys;
        }
        if (expected["count"].IsUndefined) return $"expected {expected.ToJson()}, got {rows.Count} rows ({project})";
        return rows.Count != (int)expected["count"].AsNumber ? $"expected {expected["count"].ToJson()} rows, got {rows.Count}"
            : Deep(expected["first"], rows[0], "first") ?? Deep(expected["last"], rows[^1], "last") ?? Digest(expected, rows);
    }

    /// <summary>What differs, or null: for one value.</summary>
    internal static string? Value(JsValue expected, JsValue actual) => Deep(expected, actual, "value");

    private static string? Digest(JsValue expected, IReadOnlyList<JsValue> rows)
    {
        JsValue digest = expected["sha256_of_rows_json_joined_by_newline"];
        if (digest.IsUndefined) return null;
        string joined = string.Join('\n', rows.Select(row => row.ToJson()));
        string actual = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(joined)));
        return actual == digest.AsString ? null : $"sha256 of rows is {actual}, expected {digest.AsString}";
    }

    private static string? Lists(JsArray expected, IReadOnlyList<JsValue> actual)
    {
        for (int i = 0; i < Math.Min(expected.Count, actual.Count); i++)
        {
            if (Deep(expected[i], actual[i], $"[{i}]") is { } difference) return difference;
        }
        return expected.Count == actual.Count ? null : $"expected {expected.Count} rows, got {actual.Count}";
    }

    private static string? Deep(JsValue expected, JsValue actual, string at)
    {
        if (expected.IsObject && !expected["$undefined"].IsUndefined)
            return actual.IsUndefined ? null : $"{at}: expected undefined, got {Short(actual)}";
        if (expected.IsObject && actual.IsObject) return Members(expected.AsObject, actual.AsObject, at);
        if (expected.IsArray && actual.IsArray) return Items(expected.AsArray, actual.AsArray, at);
        return JsValue.StrictEquals(expected, actual) ? null : $"{at}: expected {Short(expected)}, got {Short(actual)}";
    }

    private static string? Members(JsObject expected, JsObject actual, string at)
    {
        foreach ((string name, JsValue value) in expected)
        {
            if (Deep(value, actual[name], $"{at}.{name}") is { } difference) return difference;
        }
        foreach ((string name, JsValue value) in actual)
        {
            if (expected[name].IsUndefined && !value.IsUndefined) return $"{at}.{name}: unexpected {Short(value)}";
        }
        return null;
    }

    private static string? Items(JsArray expected, JsArray actual, string at)
    {
        if (expected.Count != actual.Count) return $"{at}: expected {expected.Count} items, got {actual.Count}";
        for (int i = 0; i < expected.Count; i++)
        {
            JsValue item = actual[i].IsUndefined ? JsValue.Null : actual[i];
            JsValue wanted = expected[i];
            if (wanted.IsObject && !wanted["$undefined"].IsUndefined) wanted = JsValue.Null;
            if (Deep(wanted, item, $"{at}[{i}]") is { } difference) return difference;
        }
        return null;
    }

    private static string Short(JsValue value)
    {
        string text = value.ToString();
        return text.Length <= 160 ? text : text[..160] + "…";
    }
}
