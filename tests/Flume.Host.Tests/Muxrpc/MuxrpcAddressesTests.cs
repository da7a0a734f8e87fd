using System.Net;
using Flume.Host.Muxrpc;
using Flume.Ssb.Messages;
using Xunit;

namespace Flume.Host.Tests.Muxrpc;

public sealed class MuxrpcAddressesTests
{
    private static readonly FeedKeys Keys = FeedKeys.Generate();
    private static readonly string Key = Convert.ToBase64String(Keys.PublicKey.Span);

    [Theory]
    [InlineData("/home/me/.ssb/socket", "/home/me/.ssb/socket")]
    [InlineData("/a~b!c;d:e/socket", "/a!~b!!c!;d:e/socket")]
    public void A_path_is_written_so_that_multiserver_reads_it(string path, string written) => Assert.Equal(
        [$"unix:{written}~noauth:{Key}", $"net:127.0.0.1:8008~shs:{Key}"],
        new MuxrpcAddresses(Keys, path, new IPEndPoint(IPAddress.Loopback, 8008)).ToText());

    [Fact]
    public void Without_keys_there_is_no_address() =>
        Assert.Empty(new MuxrpcAddresses(null, "/socket", new IPEndPoint(IPAddress.Loopback, 8008)).ToText());
}
