using System.Net;
using Flume.Muxrpc.Transports;
using Flume.Ssb.Messages;

namespace Flume.Host.Muxrpc;

/// <summary>Where one identity answers Scuttlebutt programs.</summary>
/// <param name="Keys">Its keys; null when it has none, and then no program can ask for it by its key.</param>
/// <param name="Socket">Its unix socket; null when it has none.</param>
/// <param name="Address">Where secret handshakes are answered; null when nowhere.</param>
internal sealed record MuxrpcAddresses(FeedKeys? Keys, string? Socket, IPEndPoint? Address)
{
    /// <summary>Nowhere.</summary>
    public static MuxrpcAddresses None { get; } = new(null, null, null);

    /// <summary>The addresses as npm multiserver writes them: what <c>ssb-client</c> takes as its remote.</summary>
    public IReadOnlyList<string> ToText()
    {
        if (Keys is null) return [];
        string key = Convert.ToBase64String(Keys.PublicKey.Span);
        List<string> all = [];
        if (Socket is not null) all.Add($"unix:{Escape(Socket)}~noauth:{key}");
        if (Address is not null) all.Add($"{MultiserverAddress.Net(Address)}~shs:{key}");
        return all;
    }

    /// <summary>In an address <c>~</c> and <c>;</c> mean something, so a path writes <c>!</c> before them.</summary>
    private static string Escape(string path) => path
        .Replace("!", "!!", StringComparison.Ordinal)
        .Replace("~", "!~", StringComparison.Ordinal)
        .Replace(";", "!;", StringComparison.Ordinal);
}
