using System.Text.Json;
using Flume.Host.Http;

namespace Flume.Host.Admin.Events;

/// <summary>The subject of one part of the state: the server, an identity, or a view of an identity.</summary>
/// <param name="Identity">The identity's name; empty for the server.</param>
/// <param name="View">The view's name; empty for the identity itself.</param>
internal readonly record struct PartKey(string Identity, string View)
{
    /// <summary>The server.</summary>
    public static readonly PartKey Server = new("", "");

    /// <summary>The name of the event that carries it.</summary>
    public string Event => Identity.Length == 0 ? "server" : View.Length == 0 ? "identity" : "view";
}

/// <summary>One part of the state, as the text that every client receives.</summary>
/// <remarks>An unchanged part remains the same object, so that clients compare references only.</remarks>
internal sealed class StatusPart
{
    private readonly byte[] _json;

    private StatusPart(byte[] json) => _json = json;

    /// <summary>One JSON text without line breaks.</summary>
    public ReadOnlyMemory<byte> Json => _json;

    /// <summary>
    /// Returns the part that <paramref name="write"/> writes, or <paramref name="before"/> if its text is unchanged.
    /// </summary>
    public static StatusPart Make(Action<Utf8JsonWriter> write, StatusPart? before)
    {
        using MemoryStream text = new();
        using (Utf8JsonWriter json = new(text, JsonText.Plain)) write(json);
        ReadOnlySpan<byte> made = text.GetBuffer().AsSpan(0, (int)text.Length);
        return before is not null && made.SequenceEqual(before._json) ? before : new StatusPart(made.ToArray());
    }
}

/// <summary>A snapshot of the whole state.</summary>
/// <param name="Number">The snapshot's number; a client requests a number greater than its last one.</param>
/// <param name="Parts">All parts.</param>
internal sealed record StatusPicture(long Number, IReadOnlyDictionary<PartKey, StatusPart> Parts)
{
    /// <summary>The snapshot before the first sample.</summary>
    public static readonly StatusPicture Empty = new(0, new Dictionary<PartKey, StatusPart>());
}
