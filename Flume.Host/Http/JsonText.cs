using System.Text.Encodings.Web;
using System.Text.Json;

namespace Flume.Host.Http;

/// <summary>How this program writes JSON of its own: for programs and people, never into HTML.</summary>
internal static class JsonText
{
    /// <summary>Quotes and letters as they are, escaped only where JSON needs it.</summary>
    public static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
