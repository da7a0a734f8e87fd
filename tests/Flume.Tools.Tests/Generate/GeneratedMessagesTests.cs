using System.Text;
using System.Text.RegularExpressions;
using Flume.Query.Json;
using Flume.Ssb.Messages;
using Flume.TestKit;
using Flume.Tools.Generate;
using Xunit;

namespace Flume.Tools.Tests.Generate;

/// <summary>Checks one generated log with every variant.</summary>
public sealed partial class GeneratedMessagesTests(GeneratedMessagesTests.Everything everything)
    : IClassFixture<GeneratedMessagesTests.Everything>
{
    private List<GeneratedRecord> Records => everything.Records;

    [Fact]
    public void Every_message_is_valid_and_follows_its_author_s_previous_one()
    {
        var feeds = new Dictionary<string, FeedState>();
        foreach (GeneratedRecord record in Records)
        {
            InvalidMessage? problem = MessageValidator.Check(feeds.GetValueOrDefault(record.Author), record.Value);

            Assert.True(problem is null, $"{problem?.Reason}\n{record.Text}");
            feeds[record.Author] = new FeedState(record.Key, (long)record.Value["sequence"].AsNumber, record.Claimed);
        }
    }

    [Fact]
    public void Every_id_is_the_hash_of_its_message() =>
        Assert.All(Records, record => Assert.Equal(record.Key, new CanonicalMessage(record.Value).Id));

    [Fact]
    public void Every_record_is_spelled_as_JavaScript_would() =>
        Assert.All(Records, record => Assert.Equal(record.Text, JsWriter.ToJson(record.Json)));

    [Fact]
    public void The_written_secret_opens_the_boxes_that_are_for_it_and_no_other()
    {
        FeedKeys keys = SecretFile.Read(everything.Result.SecretPath!);
        JsValue[] opened = [.. Records.Select(r => Open(r, keys)).Where(content => content.IsObject)];

        Assert.InRange(opened.Length, 30, 150);
        Assert.All(opened, content => Assert.Contains(keys.Id, Readers(content)));
        Assert.Contains(opened, content => content["root"].IsString);
        Assert.Contains(opened, content => Readers(content).Count == PrivateBox.RecipientsMax);
        int own = Records.Count(r => r.Author == keys.Id && Open(r, keys).IsObject);
        Assert.InRange(own, 10, opened.Length - 1);
    }

    [Fact]
    public void Received_times_grow()
    {
        for (int i = 1; i < Records.Count; i++)
            Assert.True(Records[i].Received > Records[i - 1].Received, $"{Records[i - 1].Received} {Records[i].Text}");
    }

    [Fact]
    public void The_odd_clocks_are_there()
    {
        var last = new Dictionary<string, double>();
        int backwards = Records.Count(r =>
        {
            bool back = last.TryGetValue(r.Author, out double before) && r.Claimed < before;
            last[r.Author] = r.Claimed;
            return back;
        });

        Assert.InRange(backwards, 1, 20);
        Assert.Contains(Records, r => r.Claimed > r.Received + 1e9);
        Assert.Contains(Records, r => r.Claimed != Math.Floor(r.Claimed));
        Assert.Contains(Records, r => r.Received != Math.Floor(r.Received));
    }

    [Fact]
    public void Threads_votes_and_repositories_name_messages_that_came_before()
    {
        var seen = new HashSet<string>();
        int named = 0, unknown = 0;
        foreach (GeneratedRecord record in Records)
        {
            string content = JsWriter.ToJson(record.Content);
            foreach (Match id in MessageId().Matches(content))
            {
                named++;
                if (!seen.Contains(id.Value)) unknown++;
            }
            seen.Add(record.Key);
        }

        // A message that does not exist: one dangling root and one mention, in each round of the odd variants.
        Assert.True(named > Records.Count / 2);
        Assert.Equal(2, unknown);
    }

    [Fact]
    public void Shares_are_those_of_the_test_vectors()
    {
        Share("vote", 0.39, 0.47);
        Share("post", 0.22, 0.30);
        Share("private", 0.10, 0.15);
        Share("contact", 0.07, 0.11);
        Share("about", 0.01, 0.03);
        Share("channel", 0.02, 0.045);
        Share("pub", 0.006, 0.02);
        Share("git-update", 0.008, 0.03);
        Share("gathering", 0.002, 0.013);
        Assert.InRange(Records.Average(r => r.Payload.Length + 12.0), 800, 960);
        Assert.True(Records.Select(r => r.Type).Distinct().Count() > 30);
    }

    [Fact]
    public void A_few_authors_write_much_and_many_write_little()
    {
        int[] counts = [.. Records.GroupBy(r => r.Author).Select(g => g.Count()).OrderDescending()];

        Assert.Equal(100, counts.Length);
        Assert.InRange(counts[..10].Sum() / (double)Records.Count, 0.25, 0.4);
        Assert.True(counts[0] > 8 * counts[counts.Length / 2] / 2);
    }

    [Fact]
    public void Every_odd_variant_is_there()
    {
        string[] types =
            ["an-unusually-long-type-name-that-fills-52-characters", "odd", "integer-keys", "numbers", "deep"];
        string all = string.Join('\n', Records.Select(r => r.Text));

        Assert.All(types, type => Assert.Contains(Records, r => r.Type == type));
        Assert.All(["1e+21", "\\udfff", "\\u0000", "not an id", "@nobody", ".box2\"", "\"length\":-1", "{\"0\":"],
            text => Assert.Contains(text, all, StringComparison.Ordinal));
        Assert.Contains(Records, r => r.Value.AsObject.At(1).Key == "author");
        Assert.Contains(Records, r => new CanonicalMessage(r.Value).Length == MessageValidator.LengthMax);
    }

    [Fact]
    public void Every_poison_is_there()
    {
        Assert.Contains(Records, r => r.Content["root"].IsObject);
        Assert.Contains(Records, r => r.Content["channel"].IsObject);
        Assert.Contains(Records, HasNullItem);
        Assert.Contains(Records, r => r.Content["mentions"] is { IsArray: true } m && m[0]["name"].IsNumber);
    }

    [Fact]
    public void Without_poison_nothing_stops_a_JavaScript_view()
    {
        using var log = new GeneratedLog();
        log.Make(new GenerateOptions { Messages = 3000, Authors = 50, Seed = 3 });

        foreach (GeneratedRecord record in log.Records())
        {
            Assert.False(record.Content["root"].IsObject || record.Content["channel"].IsObject, record.Text);
            Assert.False(HasNullItem(record), record.Text);
            JsValue mentions = record.Content["mentions"];
            for (int i = 0; mentions.IsArray && i < mentions.AsArray.Count; i++)
                Assert.False(mentions[i]["name"].IsNumber, record.Text);
        }
    }

    [Fact]
    public void Without_the_odd_every_post_is_plain()
    {
        using var log = new GeneratedLog();
        log.Make(new GenerateOptions { Messages = 1000, Authors = 50, Seed = 3, Odd = false });

        Assert.All(log.Records().Where(r => r.Type == "post"), r => Assert.True(r.Content["text"].IsString, r.Text));
        Assert.DoesNotContain(log.Records(), r => r.Type is "odd" or "integer-keys" or "numbers");
    }

    private static JsValue Open(GeneratedRecord record, FeedKeys keys)
    {
        if (!record.Content.IsString) return default;
        byte[] utf8 = Encoding.ASCII.GetBytes(record.Content.AsString);
        byte[] box = new byte[utf8.Length], plain = new byte[utf8.Length];
        Span<byte> key = stackalloc byte[PrivateBox.UnboxKeyBytes];
        int length = PrivateBox.Decode(utf8, box);
        if (length < 0 || !PrivateBox.TryFindKey(box.AsSpan(0, length), keys.CurveSecretKey, key)) return default;
        return JsValue.ParseWhole(plain.AsMemory(0, PrivateBox.Open(box.AsSpan(0, length), key, plain)));
    }

    private static List<string> Readers(JsValue content)
    {
        var readers = new List<string>();
        JsArray recps = content["recps"].AsArray;
        for (int i = 0; i < recps.Count; i++)
            readers.Add(recps[i].IsString ? recps[i].AsString : recps[i]["link"].AsString);
        return readers;
    }

    private static bool HasNullItem(GeneratedRecord record)
    {
        if (!record.Content.IsObject) return false;
        JsObject content = record.Content.AsObject;
        for (int i = 0; i < content.Count; i++)
        {
            JsValue field = content.At(i).Value;
            for (int item = 0; field.IsArray && item < field.AsArray.Count; item++)
                if (field[item].IsNull) return true;
        }
        return false;
    }

    private void Share(string type, double least, double most)
    {
        double share = Records.Count(r => r.Type == type) / (double)Records.Count;
        Assert.True(share >= least && share <= most, $"{type}: {share:P2}, expected {least:P2} to {most:P2}");
    }

    [GeneratedRegex("%[A-Za-z0-9+/]{43}=\\.sha256")]
    private static partial Regex MessageId();

    /// <summary>A log of every variant, generated once.</summary>
    public sealed class Everything : IDisposable
    {
        private readonly GeneratedLog _log = new();

        public Everything()
        {
            var options = new GenerateOptions { Messages = 2200, Authors = 100, Seed = 42, Poison = true };
            Result = _log.Make(options with { WriteSecret = true });
            Records = _log.Records();
        }

        public GenerateResult Result { get; }

        public List<GeneratedRecord> Records { get; }

        public void Dispose() => _log.Dispose();
    }
}
