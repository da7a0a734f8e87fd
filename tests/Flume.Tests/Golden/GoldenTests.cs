using Flume.Api;
using Flume.Codec.Json;
using Flume.Codec.Messages;
using Xunit;
using Xunit.Abstractions;

namespace Flume.Tests.Golden;

/// <summary>Every answer of the JavaScript modules on the small log, asked of the API table.</summary>
public sealed class GoldenTests(ITestOutputHelper output, GoldenTests.Small small) : IClassFixture<GoldenTests.Small>
{
    /// <summary>
    /// Cases that differ on purpose, each named in docs/compatibility.md with its reason; a case listed here that does not
    /// differ fails too.
    /// </summary>
    internal static readonly IReadOnlySet<string> Deviations = new HashSet<string>
    {
        // I3: an operator in an array that is no range, on an index.
        "links2/010",
        // Q2: $reduce of an object without groups.
        "query/025", "query/030", "query/067", "query/082",
    };

    [Theory]
    [InlineData("get.jsonl")]
    [InlineData("streams.jsonl")]
    [InlineData("links.jsonl")]
    [InlineData("links2.jsonl")]
    [InlineData("backlinks.jsonl")]
    [InlineData("about.jsonl")]
    [InlineData("query.jsonl")]
    public async Task Every_answer_equals_the_JavaScript_modules(string file)
    {
        int cases = 0;
        List<string> wrong = [];
        foreach (GoldenCase golden in GoldenCase.Read(file))
        {
            cases++;
            string? difference = await GoldenRun.CheckAsync(small.Identity, golden);
            if (Deviations.Contains(golden.Id) != (difference is not null)) wrong.Add($"{golden}\n    {difference ?? "no longer differs"}");
        }
        foreach (string text in wrong.Take(20)) output.WriteLine(text);
        output.WriteLine($"{cases} cases, {wrong.Count} wrong");
        Assert.True(cases > 0);
        Assert.Empty(wrong);
    }

    /// <summary>The small log with its identity, all views built.</summary>
    public sealed class Small : IDisposable
    {
        private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("flume-golden-");

        public Small() => Identity = new LocalIdentity(_directory.FullName, Vectors.Log, SecretFile.Read(Vectors.Secret));

        internal LocalIdentity Identity { get; }

        public void Dispose()
        {
            Identity.Dispose();
            _directory.Delete(recursive: true);
        }
    }
}
