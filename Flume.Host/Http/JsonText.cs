using System.Text.Encodings.Web;
using System.Text.Json;

namespace Flume.Host.Http;

/// <summary>The JSON options of Flume's own documents. The text is not safe inside HTML.</summary>
internal static class JsonText
{
    /// <summary>How documents are read that hold values of callers, such as the query of a view.</summary>
    public static readonly JsonDocumentOptions Deep = new() { MaxDepth = 1000 };

    /// <summary>Escapes only the characters that JSON requires.</summary>
    public static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Of(Action<Utf8JsonWriter> write)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, Plain)) write(json);
        return bytes.ToArray();
    }
}
