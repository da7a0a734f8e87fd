using Akka.Configuration;
using Akka.Configuration.Hocon;
using Xunit;

namespace Flume.Actors.Tests.Settings;

public sealed class HoconCoverageTests
{
    private static readonly string Root = FindRoot();

    [Fact]
    public void Every_key_that_is_read_stands_in_flume_conf_and_every_key_there_is_read()
    {
        Config builtIn = ConfigurationFactory.ParseString(FlumeSettings.BuiltInText());
        var reader = new SettingsReader(ConfigurationFactory.Empty, "no file", builtIn);
        FlumeSettings.Read(reader, builtIn);
        string[] documented = [.. Keys("flume", builtIn.GetValue("flume")).Where(key => !IsNotForUs(key)).Order()];
        Assert.Equal(documented, reader.KeysRead.Order().ToArray());
    }

    [Fact]
    public void Every_key_of_flume_conf_has_a_comment_above_it_or_above_its_neighbour()
    {
        bool explained = false;
        foreach (string line in FlumeSettings.BuiltInText().Split('\n').Select(line => line.Trim()))
        {
            if (line.StartsWith('#')) explained = true;
            else if (line.Length == 0) explained = false;
            else if (line.Contains(" = ") && !line.StartsWith("type")) Assert.True(explained, $"No comment explains: {line}");
        }
    }

    [Theory]
    [InlineData("flume.conf")]
    [InlineData("development.conf")]
    [InlineData("cluster.conf")]
    public void Every_file_in_the_folder_is_one_that_Flume_starts_with(string file) =>
        Assert.NotNull(FlumeSettings.Load(Path.Combine(Root, "hocon", file)));

    [Fact]
    public void The_file_in_the_folder_is_the_one_in_the_binary() =>
        Assert.Equal(File.ReadAllText(Path.Combine(Root, "hocon", "flume.conf")), FlumeSettings.BuiltInText());

    private static bool IsNotForUs(string key) => FlumeSettings.OthersRead.Any(start => key.StartsWith(start));

    private static IEnumerable<string> Keys(string path, HoconValue value) => value.IsObject()
        ? value.GetObject().Items.SelectMany(item => Keys($"{path}.{item.Key}", item.Value))
        : [path];

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Flume.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("Flume.sln is in no folder above the tests.");
    }
}
