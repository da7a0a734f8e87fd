using Flume.Query.Json;

namespace Flume.Replication.Addresses;

/// <summary>The files of addresses: <c>conn.json</c> of ssb-conn, and <c>gossip.json</c> of ssb-gossip.</summary>
internal static class AddressFiles
{
    /// <summary>The path of the file that Flume writes.</summary>
    public static string PathIn(string folder) => Path.Combine(folder, "conn.json");

    /// <summary>The entries of <c>conn.json</c>, or of <c>gossip.json</c> if there is none.</summary>
    public static IReadOnlyList<PeerEntry> Read(string folder)
    {
        string conn = PathIn(folder), gossip = Path.Combine(folder, "gossip.json");
        string path = File.Exists(conn) ? conn : gossip;
        if (!File.Exists(path)) return [];
        try
        {
            JsValue read = JsValue.ParseWhole(File.ReadAllBytes(path));
            return read.IsObject
                ? [.. read.AsObject.Select(static one => Entry(JsValue.From(one.Key), one.Value)).OfType<PeerEntry>()]
                : read.IsArray ? [.. read.AsArray.Select(static one => Entry(one, one)).OfType<PeerEntry>()] : [];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsSyntaxException)
        {
            Console.Error.WriteLine($"flume: cannot read the addresses of peers in {path}: {error.Message}");
            return [];
        }
    }

    /// <summary>The content of <c>conn.json</c>.</summary>
    public static byte[] Write(IEnumerable<PeerEntry> entries)
    {
        JsObject all = new();
        foreach (PeerEntry entry in entries.Where(static entry => entry.Source != PeerSource.Configured))
            all.Set(entry.Address.ToString(), entry.ToJson());

        return JsWriter.ToUtf8(JsValue.From(all), indent: 2).ToArray();
    }

    private static PeerEntry? Entry(JsValue address, JsValue data)
    {
        if (AddressInput.Parse(address) is not { } parsed) return null;
        PeerSource source = data["source"] switch
        {
            { IsString: true } text when text.AsString == "manual" => PeerSource.Manual,
            { IsString: true } text when text.AsString == "seed" => PeerSource.Seed,
            { IsString: true } text when text.AsString == "pub" => PeerSource.Pub,
            _ => PeerSource.Stored,
        };
        bool isOff = data["autoconnect"] is { IsBoolean: true, AsBoolean: false };
        bool isOn = !isOff && source != PeerSource.Pub;
        return new PeerEntry(parsed with { Seed = null }, source, isOn, Number(data["birth"]))
        {
            StateChange = Number(data["stateChange"]), Failure = (int)Math.Min(Number(data["failure"]), 20),
        };
    }

    private static long Number(JsValue value) =>
        value is { IsNumber: true, AsNumber: >= 0 and < 1e15 } ? (long)value.AsNumber : 0;
}
