using System.Text.Json;
using Flume.Host.Http;

namespace Flume.Host.Admin.Events;

/// <summary>What a part of the state is about: the server, an identity, or a view of one.</summary>
/// <param name="Identity">Whose it is; empty for the server's.</param>
/// <param name="View">Which view; empty for the identity itself.</param>
internal readonly record struct PartKey(string Identity, string View)
{
    /// <summary>The server.</summary>
    public static readonly PartKey Server = new("", "");

    /// <summary>The event that tells it.</summary>
    public string Event => Identity.Length == 0 ? "server" : View.Length == 0 ? "identity" : "view";
}

/// <summary>One part of the state, as the text that every client gets.</summary>
/// <remarks>A part that did not change stays the same object: who compares need not look inside.</remarks>
internal sealed class StatusPart
{
    private readonly byte[] json;

    private StatusPart(byte[] json) => this.json = json;

    /// <summary>One JSON text without line breaks.</summary>
    public ReadOnlyMemory<byte> Json => json;

    /// <summary>
    /// The part that <paramref name="write"/> writes; <paramref name="before"/> itself when that says the same.
    /// </summary>
    public static StatusPart Make(Action<Utf8JsonWriter> write, StatusPart? before)
    {
        using MemoryStream text = new();
        using (Utf8JsonWriter json = new(text, JsonText.Plain)) write(json);
        ReadOnlySpan<byte> made = text.GetBuffer().AsSpan(0, (int)text.Length);
        return before is not null && made.SequenceEqual(before.json) ? before : new StatusPart(made.ToArray());
    }
}

/// <summary>The whole state as of one moment.</summary>
/// <param name="Number">Counts the pictures; a client asks for one beyond the last it saw.</param>
/// <param name="Parts">Every part there is.</param>
internal sealed record StatusPicture(long Number, IReadOnlyDictionary<PartKey, StatusPart> Parts)
{
    /// <summary>Before the first look.</summary>
    public static readonly StatusPicture Empty = new(0, new Dictionary<PartKey, StatusPart>());
}
