using System.Text.Encodings.Web;
using System.Text.Json;

namespace Flume.Host.Http;

/// <summary>How this program writes JSON of its own: for programs and people, never into HTML.</summary>
internal static class JsonText
{
    /// <summary>Quotes and letters as they are, escaped only where JSON needs it.</summary>
    public static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The text of one JSON document.</summary>
    public static byte[] Of(Action<Utf8JsonWriter> write)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, Plain)) write(json);
        return bytes.ToArray();
    }
}
