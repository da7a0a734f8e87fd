using System.Text.Json;
using Flume.Api;
using Flume.Host.Http;
using Flume.Host.Serving;

namespace Flume.Host.Cli;

/// <summary>The status of a data directory that nobody serves.</summary>
internal static class OfflineStatus
{
    /// <summary>The same document that servers give.</summary>
    public static async Task<JsonDocument> ReadAsync(string directory, CancellationToken cancel)
    {
        DataDirectory data = new(directory);
        await using EngineSession session = EngineSession.Start(data.Path);
        using MemoryStream document = new();
        using (Utf8JsonWriter json = new(document, JsonText.Plain))
        {
            json.WriteStartObject();
            json.WriteStartArray("identities");
            foreach (string name in data.Names())
            {
                IIdentity identity = await session.OpenAsync(name, cancel).ConfigureAwait(false);
                LogStatus log = await identity.LogStatusAsync(cancel).ConfigureAwait(false);
                json.WriteStartObject();
                IdentityJson.WriteMembers(json, identity, log);
                json.WriteStartArray("views");
                foreach (ViewStatus view in await identity.StatusAsync(cancel).ConfigureAwait(false)) ViewJson.Write(json, view);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return JsonDocument.Parse(document.ToArray());
    }
}
