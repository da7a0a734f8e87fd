using System.Text.Json;
using Flume.Host.Http;
using Flume.Host.Metrics;
using Flume.Log;
using Flume.Ssb.Api;
using Flume.TestKit;

namespace Flume.Host.Tests.Metrics;

public sealed class HealthChecksTests
{
    private static readonly HealthSettings Settings = new()
    {
        LagMax = TimeSpan.FromMinutes(10), StallMax = TimeSpan.FromMinutes(1),
    };

    private readonly ManualTime _time = new();

    [Fact]
    public void A_view_that_stands_while_the_head_moves_is_stalled_after_the_time_allowed_and_not_before()
    {
        HealthChecks checks = new(Settings, _time);
        Assert.Empty(Wrong(checks, View(since: 100, head: 200)));
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Empty(Wrong(checks, View(since: 100, head: 300)));
        _time.Advance(TimeSpan.FromSeconds(2));
        Finding stall = Assert.Single(Wrong(checks, View(since: 100, head: 400)));
        Assert.Equal(("stall", "feeds"), (stall.Check, stall.View));
        Assert.Contains("stood at 100 for 61 s", stall.Text);
        Assert.Empty(Wrong(checks, View(since: 150, head: 400)));
    }

    [Theory]
    [InlineData(ViewState.Paused)]
    [InlineData(ViewState.Rebuilding)]
    public void A_view_that_was_told_to_stand_is_not_stalled(ViewState state)
    {
        HealthChecks checks = new(Settings, _time);
        Wrong(checks, View(since: 100, head: 200, state));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Empty(Wrong(checks, View(since: 100, head: 300, state)));
    }

    [Fact]
    public void A_view_at_the_head_of_a_quiet_log_is_well_for_ever()
    {
        HealthChecks checks = new(Settings, _time);
        Wrong(checks, View(since: 100, head: 100));
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Empty(Wrong(checks, View(since: 100, head: 100)));
        Assert.Empty(Wrong(checks, View(since: 100, head: 200)));
    }

    [Fact]
    public void Too_long_behind_faulted_and_read_only_are_named()
    {
        HealthChecks checks = new(Settings, _time);
        ViewStatus late = View(since: 1, head: 9) with { Lag = new ViewLag(5, 50, 601) };
        ViewStatus faulted = View(since: 9, head: 9, ViewState.Faulted) with { Name = "links", LastError = "bang" };
        IdentitySample sample = new("alice", new LogStatus(new Offset(9), 10, "the disk is full", 0, 0), [late, faulted]);
        Finding[] wrong = [.. checks.Judge([sample]).Where(finding => finding.Text is not null)];
        Assert.Equal(["log", "lag", "state"], wrong.Select(finding => finding.Check));
    }

    [Theory]
    [InlineData(0.79, false)]
    [InlineData(0.81, true)]
    public void A_log_whose_offsets_end_soon_is_unhealthy(double share, bool isFinding)
    {
        LogStatus log = new(new Offset(9), (long)(share * uint.MaxValue), null, 0, 0) { BytesMax = uint.MaxValue };
        IReadOnlyList<Finding> findings = new HealthChecks(Settings, _time).Judge([new IdentitySample("alice", log, [])]);
        string? text = findings.Single(finding => finding.Check == "width").Text;
        Assert.Equal(isFinding, text?.Contains("--offset-bits 48", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task The_endpoint_answers_200_when_all_is_well_and_503_with_the_findings_otherwise()
    {
        await using ServedSite site = await ServedSite.StartAsync();
        using var well = await site.Client.GetAsync("/health/checks");
        Assert.Equal(200, (int)well.StatusCode);
        Assert.Equal("Healthy", await site.Client.GetStringAsync("/health"));
        site.Alice.Failure = new IdentityRejectedException("The log is gone.");
        using var unwell = await site.Client.GetAsync("/health/checks");
        Assert.Equal(503, (int)unwell.StatusCode);
        JsonElement finding = JsonDocument.Parse(await unwell.Content.ReadAsStringAsync())
            .RootElement.GetProperty("findings").EnumerateArray().Single();
        Assert.Equal("The log is gone.", finding.GetProperty("text").GetString());
        using var word = await site.Client.GetAsync("/health");
        Assert.Equal((503, "text/plain", "Unhealthy"),
            ((int)word.StatusCode, word.Content.Headers.ContentType!.MediaType, await word.Content.ReadAsStringAsync()));
    }

    private static Finding[] Wrong(HealthChecks checks, ViewStatus view)
    {
        LogStatus log = new(view.Head, view.Head.Value + 10, null, 0, 0);
        return [.. checks.Judge([new IdentitySample("alice", log, [view])]).Where(finding => finding.Text is not null)];
    }

    private static ViewStatus View(long since, long head, ViewState state = ViewState.CatchingUp) => new()
    {
        Name = "feeds",
        Version = 1,
        State = state,
        Since = new Offset(since),
        Head = new Offset(head),
        Lag = since == head ? default : new ViewLag(1, head - since, 1),
    };
}
