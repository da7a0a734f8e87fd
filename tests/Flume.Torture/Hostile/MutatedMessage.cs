using Flume.Query.Json;
using Flume.Ssb.Messages;

namespace Flume.Torture.Hostile;

/// <summary>Signed first messages of new feeds, each with one thing wrong.</summary>
internal static class MutatedMessage
{
    /// <summary>The JSON of one.</summary>
    public static string Make(Random random)
    {
        byte[] seed = new byte[32];
        random.NextBytes(seed);
        var author = new MessageAuthor(FeedKeys.FromSeed(seed));
        JsValue content = JsValue.Parse("""{"type":"post","text":"hostile"}""");
        if (!author.TryWrite(null, content, 1_700_000_000_000, out JsObject message, out _))
            throw new InvalidOperationException("A valid message could not be written.");
        string valid = System.Text.Encoding.UTF8.GetString(JsWriter.ToUtf8(JsValue.From(message)).Span);
        return random.Next(7) switch
        {
            0 => Replace(valid, "\"sequence\":1", $"\"sequence\":{random.Next(2, 9)}"),
            1 => Replace(valid, "\"sequence\":1", "\"sequence\":\"1\""),
            2 => Replace(valid, "\"previous\":null", "\"previous\":\"%x.sha256\""),
            3 => Replace(valid, "\"text\":\"hostile\"", "\"text\":\"changed\""),
            4 => Replace(valid, "\"hash\":\"sha256\"", "\"hash\":\"sha512\""),
            5 => Replace(valid, "\"type\":\"post\"", "\"type\":\"\""),
            _ => Replace(valid, "\"signature\":\"", "\"extra\":1,\"signature\":\"A"),
        };
    }

    private static string Replace(string message, string from, string to) =>
        message.Contains(from, StringComparison.Ordinal)
        ? message.Replace(from, to, StringComparison.Ordinal)
        : throw new InvalidOperationException($"The message has no {from}: {message}");
}
