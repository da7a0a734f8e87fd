using System.Text.Json;

namespace Flume.Host.Tests.OpenApi;

/// <summary>Checks values against the part of JSON Schema that the document uses.</summary>
internal sealed class JsonSchema(JsonElement document)
{
    /// <summary>The first error of a value; null if it is valid.</summary>
    public string? Fault(JsonElement schema, JsonElement value, string at = "$")
    {
        if (schema.TryGetProperty("$ref", out JsonElement reference)) return Fault(Resolve(reference.GetString()!), value, at);
        foreach (string choice in (string[])["oneOf", "anyOf"])
        {
            if (!schema.TryGetProperty(choice, out JsonElement options)) continue;
            string?[] faults = [.. options.EnumerateArray().Select(option => Fault(option, value, at))];
            if (!faults.Contains(null)) return string.Join(" / ", faults);
        }

        if (schema.TryGetProperty("const", out JsonElement only) && only.GetRawText() != value.GetRawText())
            return $"{at} is {value.GetRawText()}, not {only.GetRawText()}";
        if (schema.TryGetProperty("enum", out JsonElement words) && !words.EnumerateArray().Any(word => word.GetRawText() == value.GetRawText()))
            return $"{at} is {value.GetRawText()}, none of {words.GetRawText()}";
        if (schema.TryGetProperty("type", out JsonElement type) && !IsOf(type, value)) return $"{at} is {value.ValueKind}, not {type}";
        return value.ValueKind switch
        {
            JsonValueKind.Object => ObjectFault(schema, value, at),
            JsonValueKind.Array when schema.TryGetProperty("items", out JsonElement items) =>
                value.EnumerateArray().Select((item, i) => Fault(items, item, $"{at}[{i}]")).FirstOrDefault(fault => fault is not null),
            _ => null,
        };
    }

    private JsonElement Resolve(string reference)
    {
        JsonElement at = document;
        foreach (string part in reference.TrimStart('#', '/').Split('/')) at = at.GetProperty(part);
        return at;
    }

    private string? ObjectFault(JsonElement schema, JsonElement value, string at)
    {
        if (schema.TryGetProperty("required", out JsonElement required))
        {
            foreach (JsonElement name in required.EnumerateArray())
            {
                if (!value.TryGetProperty(name.GetString()!, out _)) return $"{at} lacks {name}";
            }
        }

        bool isClosed = schema.TryGetProperty("additionalProperties", out JsonElement more) && more.ValueKind == JsonValueKind.False;
        foreach (JsonProperty member in value.EnumerateObject())
        {
            bool isKnown = schema.TryGetProperty("properties", out JsonElement known) & known.ValueKind == JsonValueKind.Object;
            if (isKnown && known.TryGetProperty(member.Name, out JsonElement own))
            {
                if (Fault(own, member.Value, $"{at}.{member.Name}") is { } fault) return fault;
            }
            else if (isClosed) return $"{at} has {member.Name}, which the document does not name";
        }

        return null;
    }

    private static bool IsOf(JsonElement type, JsonElement value) => type.ValueKind == JsonValueKind.Array
        ? type.EnumerateArray().Any(one => IsOf(one, value))
        : type.GetString() switch
        {
            "object" => value.ValueKind == JsonValueKind.Object,
            "array" => value.ValueKind == JsonValueKind.Array,
            "string" => value.ValueKind == JsonValueKind.String,
            "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
            "number" => value.ValueKind == JsonValueKind.Number,
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "null" => value.ValueKind == JsonValueKind.Null,
            _ => false,
        };
}
