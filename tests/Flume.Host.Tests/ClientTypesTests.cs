using System.Text.RegularExpressions;
using Flume.Ssb.Api;
using Flume.TestKit;

namespace Flume.Host.Tests;

/// <summary>The type map of clients/js, compared with the API table.</summary>
public sealed partial class ClientTypesTests
{
    private static readonly string Types = File.ReadAllText(TempLog.RepositoryPath("clients", "js", "index.d.ts"));

    [Theory]
    [InlineData("Calls", 15)]
    [InlineData("Streams", 10)]
    public void Every_method_of_the_map_is_one_of_the_service_and_answers_as_the_map_says(string map, int least)
    {
        int start = Types.IndexOf($"export interface {map} {{", StringComparison.Ordinal);
        string body = Types[start..Types.IndexOf("\n}", start, StringComparison.Ordinal)];
        string[] names = [.. Method().Matches(body).Select(match => match.Groups[1].Value)];
        Assert.True(names.Length >= least, $"{map} has {names.Length} methods.");
        Assert.All(names, name =>
        {
            Assert.True(BuiltInApi.Table.TryGet(name, out ApiMethod method), $"There is no method {name}.");
            Assert.Equal((name, map == "Streams"), (name, method.Kind == ApiKind.Source));
        });
    }

    [GeneratedRegex(@"(?m)^  '?([A-Za-z.]+)'?: \(")]
    private static partial Regex Method();
}
