using System.Net;
using Flume.Actors;
using Flume.Host.Http;
using Flume.Host.Http.Access;
using Flume.Ssb.Api;
using Flume.TestKit;

namespace Flume.SystemTests.Host.Access;

public sealed class AccessSettingsTests
{
    private static readonly string Token = Convert.ToHexStringLower(new byte[32]);

    [Fact]
    public void Tokens_come_from_the_configuration_or_from_a_file_of_its_owner()
    {
        Assert.Equal(Scope.Read | Scope.Append, Read($"tokens = [\"read+append {Token}\"]").Tokens.Find(Token));
        using TempFolder folder = new();
        File.WriteAllText(folder["tokens"], $"# for the scraper\n\nread {Token}\n");
        File.SetUnixFileMode(folder["tokens"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Tokens fromFile = Read($"token-file = \"{folder["tokens"]}\"").Tokens;
        Assert.Equal(Scope.Read, fromFile.Find(Token));
        Assert.Null(fromFile.Find(Token[1..] + "1"));
        Assert.Null(fromFile.Find(""));
    }

    [Fact]
    public void A_file_that_others_may_read_stops_the_start_and_says_what_to_run()
    {
        using TempFolder folder = new();
        File.WriteAllText(folder["tokens"], $"read {Token}\n");
        File.SetUnixFileMode(folder["tokens"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        SettingsException refused = Assert.Throws<SettingsException>(() => Read($"token-file = \"{folder["tokens"]}\""));
        Assert.Contains("chmod 600", refused.Message);
    }

    [Theory]
    [InlineData("read tooshort")]
    [InlineData("write 0000000000000000000000000000000000000000")]
    [InlineData("0000000000000000000000000000000000000000")]
    [InlineData("read 0000000000000000000000000000000000000000 again")]
    public void A_malformed_token_stops_the_start_and_is_not_quoted(string line)
    {
        SettingsException refused = Assert.Throws<SettingsException>(() => Read($"tokens = [\"{line}\"]"));
        Assert.Contains("line 1", refused.Message);
        Assert.DoesNotContain(line.Split(' ')[^1], refused.Message);
        Assert.DoesNotContain("0000", refused.Message);
    }

    [Theory]
    [InlineData("0.0.0.0:7788")]
    [InlineData("192.0.2.1:80")]
    [InlineData("[::]:7788")]
    public void Without_tokens_nobody_listens_beyond_the_loopback_interface(string address)
    {
        FlumeSettings settings = FlumeSettings.Load();
        AccessSettings none = AccessSettings.Read(settings.Reader);
        SettingsException refused = Assert.Throws<SettingsException>(
            () => none.RefuseOpenDoor(settings.Reader, IPEndPoint.Parse(address)));
        Assert.Contains("token-file", refused.Message);
        none.RefuseOpenDoor(settings.Reader, IPEndPoint.Parse("127.0.0.1:1"));
        none.RefuseOpenDoor(settings.Reader, IPEndPoint.Parse("[::1]:1"));
        Read($"tokens = [\"read {Token}\"]").RefuseOpenDoor(settings.Reader, IPEndPoint.Parse(address));
    }

    [Fact]
    public async Task The_program_refuses_an_open_door_and_serves_behind_a_token()
    {
        using TempFolder folder = new();
        (int code, _, string error) = await FlumeProcess.RunAsync(
            "serve", "--data", folder["data"], "--http", "0.0.0.0:0", "--empty");
        Assert.NotEqual(0, code);
        Assert.Contains("name tokens first", error);

        File.WriteAllText(folder["conf"], $"flume.http.tokens = [\"read {Token}\"]\nflume.muxrpc.address = off");
        await using FlumeProcess flume = FlumeProcess.Start(
            "serve", "--data", folder["data"], "--http", "0.0.0.0:0", "--empty", "--json", "--config", folder["conf"]);
        Assert.Contains("address", await flume.ReadLineAsync());
        flume.Terminate();
        Assert.Equal(0, await flume.EndAsync());
        Assert.DoesNotContain(Token, await flume.ErrorAsync());
    }

    private static AccessSettings Read(string http) =>
        HttpSettings.Read(FlumeSettings.Parse($"flume.http {{ {http} }}", "test").Reader).Access;
}
