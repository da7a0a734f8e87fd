using System.Globalization;
using Flume.TestKit;
using Xunit;
using Xunit.Abstractions;

namespace Flume.Ssb.Tests.Api.Publishing;

/// <summary>Random calls, disks and restarts: each own sequence is used once, none is left out, nothing acknowledged is lost.</summary>
public sealed class FeedModelTests(ITestOutputHelper output)
{
    /// <summary>FLUME_MODEL_STEPS=10000 is the long form.</summary>
    private static readonly int Steps =
        int.TryParse(Environment.GetEnvironmentVariable("FLUME_MODEL_STEPS"), CultureInfo.InvariantCulture, out int steps) ? steps : 120;

    [Fact]
    public Task No_interleaving_uses_a_sequence_twice_or_loses_what_was_acknowledged() => TestSeed.RunAsync(1, async random =>
    {
        await using FeedModel model = new(random);
        await model.StartAsync();
        for (int i = 0; i < Steps; i++) await model.StepAsync();
        await model.EndAsync();
        output.WriteLine(model.Summary);
    });
}
