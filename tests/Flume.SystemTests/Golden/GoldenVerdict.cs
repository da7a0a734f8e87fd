using Xunit;
using Xunit.Abstractions;

namespace Flume.SystemTests.Golden;

/// <summary>Collects what differs from the golden answers, and what was said to differ but does not.</summary>
internal sealed class GoldenVerdict(ITestOutputHelper output, string way)
{
    private const int ShownMax = 20;

    private readonly List<string> _wrong = [];
    private int _cases;

    /// <summary>Takes note of one case.</summary>
    public void Add(GoldenCase golden, string? difference)
    {
        _cases++;
        if (GoldenTests.Deviations.Contains(golden.Id) != (difference is not null))
            _wrong.Add($"{golden}\n    {difference ?? "no longer differs"}");
    }

    /// <summary>Asks for all cases.</summary>
    public async Task AddAllAsync(IGoldenAnswers answers, IEnumerable<GoldenCase> cases)
    {
        foreach (GoldenCase golden in cases) Add(golden, await GoldenRun.CheckAsync(answers, golden));
        Close();
    }

    /// <summary>Fails when any was wrong.</summary>
    public void Close()
    {
        foreach (string text in _wrong.Take(ShownMax)) output.WriteLine(text);
        output.WriteLine($"{way}: {_cases} cases, {_wrong.Count} wrong");
        Assert.True(_cases > 0);
        Assert.True(_wrong.Count == 0,
            $"{way}: {_wrong.Count} of {_cases} are wrong. The first: {_wrong.FirstOrDefault()}");
    }
}
