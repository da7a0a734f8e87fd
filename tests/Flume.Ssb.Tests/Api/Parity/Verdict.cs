using Xunit;
using Xunit.Abstractions;

namespace Flume.Ssb.Tests.Api.Parity;

/// <summary>Collects differences. Fails with the first ones and the seed.</summary>
internal sealed class Verdict(ITestOutputHelper output, int seed)
{
    private const int ShownMax = 25;
    private readonly List<string> _wrong = [];
    private int _asked;

    public void Add(string request, string? difference)
    {
        _asked++;
        if (difference is not null) _wrong.Add($"{request}\n    {difference}");
    }

    public void Close()
    {
        foreach (string text in _wrong.Take(ShownMax)) output.WriteLine(text);
        output.WriteLine($"{_asked} asked, {_wrong.Count} differ; FLUME_SEED={seed}");
        Assert.True(_asked > 0);
        Assert.True(_wrong.Count == 0, $"{_wrong.Count} of {_asked} differ, FLUME_SEED={seed}. The first: {_wrong.FirstOrDefault()}");
    }
}
