using System.Net;
using Flume.Actors;
using Flume.Host.Http.Access;

namespace Flume.Host.Http;

/// <summary>The configuration's section <c>flume.http</c>.</summary>
/// <param name="Address">The address to listen on, unless the command line sets one.</param>
/// <param name="Limits">The limits.</param>
/// <param name="Access">The access settings.</param>
internal sealed record HttpSettings(IPEndPoint Address, HttpLimits Limits, AccessSettings Access)
{
    private const string Section = "flume.http";

    /// <summary>Reads and checks the section.</summary>
    /// <exception cref="SettingsException">A key of the section is unknown or out of range.</exception>
    public static HttpSettings Read(SettingsReader reader)
    {
        string address = reader.Text($"{Section}.address");
        HttpSettings settings = new(
            IPEndPoint.TryParse(address, out IPEndPoint? endpoint) && address.Contains(':')
                ? endpoint
                : throw reader.Wrong($"{Section}.address", address, "an IP address and a port, such as 127.0.0.1:7788"),
            HttpLimits.Read(reader), AccessSettings.Read(reader));
        reader.RefuseUnknown(Section, except: []);
        return settings;
    }
}
