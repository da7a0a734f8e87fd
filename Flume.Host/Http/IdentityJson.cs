using System.Text.Json;
using Flume.Ssb.Api;

namespace Flume.Host.Http;

/// <summary>An identity as JSON; HTTP and the command line use the same form.</summary>
internal static class IdentityJson
{
    /// <summary>Writes an identity that is served.</summary>
    /// <param name="json">The writer.</param>
    /// <param name="identity">The identity.</param>
    /// <param name="log">The state of its log.</param>
    /// <param name="addresses">Its muxrpc addresses.</param>
    public static void Write(Utf8JsonWriter json, IIdentity identity, LogStatus log, IReadOnlyList<string> addresses)
    {
        json.WriteStartObject();
        WriteMembers(json, identity, log);
        json.WriteStartArray("addresses");
        foreach (string address in addresses) json.WriteStringValue(address);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Writes an identity that can't be opened, with the reason.</summary>
    public static void WriteRefused(Utf8JsonWriter json, string name, string error)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("error", error);
        json.WriteEndObject();
    }

    /// <summary>Writes the members of an identity, without the braces.</summary>
    public static void WriteMembers(Utf8JsonWriter json, IIdentity identity, LogStatus log)
    {
        json.WriteString("name", identity.Name);
        json.WriteString("kind", identity.Kind.ToWord());
        json.WriteString("id", identity.Keys?.Id);
        json.WriteNumber("head", log.Head.Value);
        json.WriteNumber("bytes", log.Bytes);
        json.WriteString("readOnly", log.ReadOnly);
        json.WriteBoolean("following", log.IsFollowed);
        json.WriteStartObject("waiting");
        json.WriteNumber("records", log.Waiting);
        json.WriteNumber("bytes", log.WaitingBytes);
        json.WriteEndObject();
    }
}
