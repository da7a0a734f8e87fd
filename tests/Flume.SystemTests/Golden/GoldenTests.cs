using Flume.Ssb.Messages;
using Flume.TestKit;
using Xunit;
using Xunit.Abstractions;

namespace Flume.SystemTests.Golden;

/// <summary>Every answer of the JavaScript modules on the small log, asked of the API table.</summary>
public sealed class GoldenTests(ITestOutputHelper output, GoldenTests.Small small) : IClassFixture<GoldenTests.Small>
{
    /// <summary>
    /// Cases that differ on purpose, each named in docs/compatibility.md with its reason; a case listed here that does
    /// not differ fails too.
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
    public Task Every_answer_equals_the_JavaScript_modules(string file) => new GoldenVerdict(output, file)
        .AddAllAsync(new InProcessAnswers(small.Identity), GoldenCase.Read(file));

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
