using System.Text.Json;
using Flume.Host.Http;
using Flume.Host.Serving;
using Flume.Ssb.Api;
using Flume.Views;

namespace Flume.Host.Cli;

/// <summary>The status of a data directory without a running server.</summary>
internal static class OfflineStatus
{
    /// <summary>Returns the same document as a server.</summary>
    public static async Task<JsonDocument> ReadAsync(DataDirectory data, CancellationToken cancel)
    {
        if (data.Names().Count == 0) return JsonDocument.Parse("""{"identities":[]}""");
        await using OfflineEngine session = OfflineEngine.Start(data, new OfflineUse(Writes: false));
        using MemoryStream document = new();
        using (Utf8JsonWriter json = new(document, JsonText.Plain))
        {
            json.WriteStartObject();
            json.WriteStartArray("identities");
            foreach (string name in data.Names())
            {
                IIdentity identity = await session.OpenAsync(name, cancel).ConfigureAwait(false);
                await OpenedAsync(identity, cancel).ConfigureAwait(false);
                LogStatus log = await identity.LogStatusAsync(cancel).ConfigureAwait(false);
                json.WriteStartObject();
                IdentityJson.WriteMembers(json, identity, log);
                json.WriteStartArray("views");
                foreach (ViewStatus view in await identity.StatusAsync(cancel).ConfigureAwait(false))
                    ViewJson.Write(json, view);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return JsonDocument.Parse(document.ToArray(), JsonText.Deep);
    }

    /// <summary>Waits until every view has opened its store; until then a view has no status.</summary>
    private static async Task OpenedAsync(IIdentity identity, CancellationToken cancel)
    {
        foreach (IView view in identity.Views.Views)
        {
            try
            {
                (await identity.ReadAsync(view.Name, ReadFreshness.NoWait, cancel).ConfigureAwait(false)).Dispose();
            }
            catch (ReadRejectedException)
            {
                // The view has no rows; its status states the reason.
            }
        }
    }
}
