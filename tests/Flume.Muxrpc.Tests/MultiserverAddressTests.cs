using Flume.Muxrpc.Transports;

namespace Flume.Muxrpc.Tests;

/// <summary>Addresses as peers write them.</summary>
public sealed class MultiserverAddressTests
{
    private const string Key = "iojj3XQJ8ZX9UtstPLpdcspnCb8dlBIb83SIAbQPb1w=";

    [Theory]
    [InlineData("net:example.net:8008~shs:" + Key, "example.net", 8008)]
    [InlineData("net:::1:8008~shs:" + Key, "::1", 8008)]
    [InlineData("net:[::1]:8008~shs:" + Key, "::1", 8008)]
    [InlineData("net::8008~shs:" + Key, "localhost", 8008)]
    [InlineData("ws://example.net:80~shs:" + Key + ";net:10.0.0.1:9~shs:" + Key, "10.0.0.1", 9)]
    public void A_net_address_has_host_and_port(string text, string host, int port)
    {
        MultiserverAddress address = Assert.Single(MultiserverAddress.ParseAll(text));
        Assert.Equal((host, port), address.HostAndPort());
        Assert.Equal(Key, Convert.ToBase64String(address.Key!.Value.Span));
        Assert.True(address.IsHandshake);
    }

    [Fact]
    public void A_unix_path_is_read_without_its_escapes()
    {
        MultiserverAddress address = Assert.Single(MultiserverAddress.ParseAll("unix:/tmp/a!~b!;c!!d~noauth:" + Key));
        Assert.Equal("/tmp/a~b;c!d", address.Path());
        Assert.False(address.IsHandshake);
    }

    [Fact]
    public void A_seed_is_kept_apart_and_never_written()
    {
        MultiserverAddress address = Assert.Single(MultiserverAddress.ParseAll($"net:h:1~shs:{Key}:{Key}"));
        Assert.NotNull(address.Seed);
        Assert.Equal($"net:h:1~shs:{Key}", address.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("junk")]
    [InlineData("net:host~shs:" + Key)]
    [InlineData("net:host:0~shs:" + Key)]
    [InlineData("net:host:65536~shs:" + Key)]
    [InlineData("net:host:1~shs:AAAA")]
    [InlineData("net:host:1~shs:" + Key + ":AAAA")]
    [InlineData("onion:host:1~shs:" + Key)]
    public void What_cannot_be_dialled_is_left_out(string text) => Assert.Empty(MultiserverAddress.ParseAll(text));
}
