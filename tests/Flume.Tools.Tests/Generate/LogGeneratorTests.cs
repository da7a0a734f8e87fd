using Flume.Log;
using Flume.Ssb.Messages;
using Flume.TestKit;
using Flume.Tools.Generate;
using Xunit;

namespace Flume.Tools.Tests.Generate;

public sealed class LogGeneratorTests : IDisposable
{
    private static readonly GenerateOptions Small = new() { Messages = 700, Authors = 40, Seed = 7, Poison = true };

    private readonly GeneratedLog _log = new();

    public void Dispose() => _log.Dispose();

    [Fact]
    public void The_same_seed_gives_the_same_bytes_on_any_number_of_threads()
    {
        _log.Make(Small with { Threads = 1 }, "one");
        _log.Make(Small with { Threads = 2 }, "two");
        _log.Make(Small with { Threads = 5 }, "five");

        Assert.Equal(_log.Sha256Of("one"), _log.Sha256Of("two"));
        Assert.Equal(_log.Sha256Of("one"), _log.Sha256Of("five"));
    }

    [Fact]
    public void The_bytes_are_the_same_on_every_machine_and_day()
    {
        _log.Make(new GenerateOptions { Messages = 300, Authors = 20, Seed = 1 });

        // This hash changes only with the generator's output, which invalidates all benchmarks with older logs.
        Assert.Equal("ec40e0fbb1a084a64ed266b731415268f2ced8830c170633e6188e558f014e93", _log.Sha256Of());
    }

    [Fact]
    public void Another_seed_gives_other_authors_and_other_messages()
    {
        GenerateResult one = _log.Make(Small, "one"), other = _log.Make(Small with { Seed = 8 }, "other");

        Assert.NotEqual(one.Identity.Id, other.Identity.Id);
        Assert.Empty(_log.Records("one").Select(r => r.Author).Intersect(_log.Records("other").Select(r => r.Author)));
    }

    [Fact]
    public void A_longer_log_of_the_same_network_begins_with_the_same_authors()
    {
        GenerateResult result = _log.Make(Small with { Messages = 100 }, "short");

        Assert.Equal(_log.Make(Small, "long").Identity.Id, result.Identity.Id);
    }

    [Fact]
    public void The_result_counts_what_is_in_the_file()
    {
        GenerateResult result = _log.Make(Small);

        Assert.Equal(700, result.Records);
        Assert.Equal(700, _log.Records().Count);
        Assert.Equal(new FileInfo(_log.PathOf("log.offset")).Length, result.Bytes);
        Assert.Null(result.SecretPath);
        Assert.False(File.Exists(_log.PathOf("secret")));
    }

    [Fact]
    public void The_secret_beside_the_log_is_that_of_the_busiest_author()
    {
        GenerateResult result = _log.Make(Small with { WriteSecret = true });

        Assert.Equal(_log.PathOf("secret"), result.SecretPath);
        string busiest = _log.Records().GroupBy(r => r.Author).MaxBy(g => g.Count())!.Key;
        Assert.Equal(busiest, SecretFile.Read(result.SecretPath!).Id);
        Assert.Equal(busiest, result.Identity.Id);
    }

    [Fact]
    public void One_author_can_talk_to_itself()
    {
        _log.Make(new GenerateOptions { Messages = 60, Authors = 1 });

        Assert.Equal(60, _log.Records()[^1].Value["sequence"].AsNumber);
    }

    [Fact]
    public void One_message_is_a_log()
    {
        GenerateResult result = _log.Make(new GenerateOptions { Messages = 1, Authors = 1000, WriteSecret = true });

        Assert.Equal(1, result.Records);
        Assert.Single(_log.Records());
    }

    [Fact]
    public void A_wider_log_holds_the_same_records()
    {
        _log.Make(Small, "narrow");
        _log.Make(Small with { Width = OffsetWidth.Bits53 }, "wide");

        using OffsetLog narrow = OffsetLog.Open(_log.PathOf("narrow"), new LogOptions { ReadOnly = true });
        using OffsetLog wide = OffsetLog.Open(_log.PathOf("wide"), new LogOptions { ReadOnly = true });
        Assert.Equal(narrow.EndPosition + (4 * 700), wide.EndPosition);
        Assert.Equal(narrow.Get(narrow.Head).Payload.ToArray(), wide.Get(wide.Head).Payload.ToArray());
    }

    [Fact]
    public void A_file_that_exists_is_left_alone()
    {
        File.WriteAllText(_log.PathOf("log.offset"), "precious");
        IOException error = Assert.Throws<IOException>(() => _log.Make(Small));

        Assert.Contains("log.offset", error.Message, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(_log.PathOf("log.offset")));
    }

    [Fact]
    public void A_secret_that_exists_is_left_alone_and_no_log_is_written()
    {
        File.WriteAllText(_log.PathOf("secret"), "precious");
        Assert.Throws<IOException>(() => _log.Make(Small with { WriteSecret = true }));

        Assert.Equal("precious", File.ReadAllText(_log.PathOf("secret")));
        Assert.False(File.Exists(_log.PathOf("log.offset")));
    }

    [Fact]
    public void Cancelling_leaves_no_log_behind()
    {
        using var cancel = new CancellationTokenSource();
        var progress = new Report(p => { if (p.Records > 100) cancel.Cancel(); });
        var generator = new LogGenerator(TimeProvider.System);

        Assert.Throws<OperationCanceledException>(() => generator.Generate(
            _log.PathOf("log.offset"), Small with { WriteSecret = true }, progress, cancel.Token));
        Assert.Empty(Directory.GetFiles(_log.Folder, "log.offset"));
        Assert.Empty(Directory.GetFiles(_log.Folder, "secret"));
    }

    [Fact]
    public void Progress_grows_up_to_the_end()
    {
        var seen = new List<GenerateProgress>();
        var generator = new LogGenerator(TimeProvider.System);
        GenerateResult result = generator.Generate(_log.PathOf("log.offset"), Small, new Report(seen.Add));

        Assert.Equal(new GenerateProgress(700, 700, result.Bytes), seen[^1]);
        Assert.Equal(seen.Select(p => p.Records).Order().Distinct(), seen.Select(p => p.Records));
    }

    [Theory]
    [InlineData(0, 1, "Messages is 0")]
    [InlineData(10, 0, "Authors is 0")]
    [InlineData(50_000_001, 1, "Messages is 50000001")]
    [InlineData(5_000_000, 1, "32-bit offsets ends at 4294967295")]
    public void Options_outside_their_limits_are_refused_with_the_value(int messages, int authors, string expected)
    {
        var options = new GenerateOptions { Messages = messages, Authors = authors };

        var error = Assert.Throws<ArgumentException>(() => _log.Make(options));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_log.Folder));
    }

    /// <summary>Reports at once, on the caller's thread.</summary>
    private sealed class Report(Action<GenerateProgress> told) : IProgress<GenerateProgress>
    {
        void IProgress<GenerateProgress>.Report(GenerateProgress value) => told(value);
    }
}
