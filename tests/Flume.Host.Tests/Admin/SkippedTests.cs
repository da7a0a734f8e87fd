using System.Text.Json;
using Flume.Host.Admin;
using Flume.Log;
using Flume.TestKit;

namespace Flume.Host.Tests.Admin;

public sealed class SkippedTests
{
    private const string Message = "{\"key\":\"%1\",\"value\":{\"author\":\"@a\",\"content\":{\"type\":\"post\"}},\"timestamp\":1}";

    [Fact]
    public void Every_broken_record_is_found_with_the_reason_and_no_plain_one()
    {
        using TempLog folder = new();
        using OffsetLog log = OffsetLog.Open(folder.Path);
        string[] payloads = [Message, "not json", "[1]", "{\"value\":{}}", "{\"key\":", Message];
        Offset[] offsets = [.. payloads.Select(each => log.Append(System.Text.Encoding.UTF8.GetBytes(each), Durability.Os))];

        SkippedPage page = new SkippedScan(log, log.Head).Read(Offset.None, 100, default);

        Assert.Equal([offsets[1], offsets[4]], page.Records.Select(record => record.Offset));
        Assert.Equal(
            ["Its bytes are not JSON.", "Its bytes are not JSON."],
            page.Records.Select(record => record.Why));
        Assert.Null(page.Next);
    }

    [Fact]
    public void A_long_list_is_read_page_by_page_and_ends_at_the_views_since()
    {
        using TempLog folder = new();
        using OffsetLog log = OffsetLog.Open(folder.Path);
        Offset[] offsets = [.. Enumerable.Range(0, 25).Select(_ => log.Append("bad"u8.ToArray(), Durability.Os))];
        SkippedScan scan = new(log, offsets[19]);

        List<Offset> found = [];
        Offset? after = Offset.None;
        while (after is { } from)
        {
            SkippedPage page = scan.Read(from, 6, default);
            found.AddRange(page.Records.Select(record => record.Offset));
            after = page.Next;
        }

        Assert.Equal(offsets[..20], found);
    }

    [Fact]
    public async Task A_view_that_skipped_nothing_answers_at_once_and_an_unknown_one_is_named()
    {
        await using ServedSite site = await ServedSite.StartAsync();
        JsonElement answer = JsonDocument.Parse(
            await site.Client.GetStringAsync("/v1/alice/views/feeds/skipped")).RootElement;
        Assert.Equal(0, answer.GetProperty("skipped").GetInt64());
        Assert.Empty(answer.GetProperty("records").EnumerateArray());
        await ServedSite.ProblemAsync(await site.Client.GetAsync("/v1/alice/views/none/skipped"), "no-such-view", 404);
        await ServedSite.ProblemAsync(
            await site.Client.GetAsync("/v1/alice/views/feeds/skipped?limit=0"), "bad-parameter", 400);
    }
}
