using System.Net;
using Flume.Actors;

namespace Flume.Host.Http.Access;

/// <summary>The access settings: the tokens, and whether callers on this machine need one.</summary>
internal sealed record AccessSettings
{
    private const string InlineKey = "flume.http.tokens";
    private const string FileKey = "flume.http.token-file";
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute |
        UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>The configured tokens.</summary>
    public Tokens Tokens { get; init; } = Tokens.None;

    /// <summary>True when callers on the loopback interface need a token, too.</summary>
    public bool OnLoopback { get; init; }

    /// <summary>Reads the keys, and the token file that one of them names.</summary>
    /// <exception cref="SettingsException">A token is malformed, the file can't be read, or other users can read
    /// it.</exception>
    public static AccessSettings Read(SettingsReader reader)
    {
        IReadOnlyList<string> inline = reader.Words(InlineKey);
        string file = reader.Text(FileKey);
        bool onLoopback = reader.Flag("flume.http.tokens-on-loopback");
        if (file.Length > 0 && inline.Count > 0)
            throw reader.Wrong(FileKey, file, $"empty when {InlineKey} lists tokens: they come from one place");
        Tokens tokens = file.Length > 0 ? FromFile(reader, file) : Parse(inline, cause =>
            reader.Wrong(InlineKey, $"a list of {inline.Count}", $"entries 'SCOPES TOKEN', but {cause}"));
        if (onLoopback && tokens.IsEmpty)
        {
            throw reader.Wrong(
                "flume.http.tokens-on-loopback", "on", $"off while {InlineKey} and {FileKey} name no token");
        }

        return new AccessSettings { Tokens = tokens, OnLoopback = onLoopback };
    }

    /// <summary>Refuses an address outside the loopback interface while no token is configured.</summary>
    /// <exception cref="SettingsException">The address is not a loopback address, and no token is
    /// configured.</exception>
    public void RefuseOpenDoor(SettingsReader reader, IPEndPoint address, bool isTyped = false)
    {
        if (!Tokens.IsEmpty || IPAddress.IsLoopback(address.Address)) return;
        string expected =
            $"a loopback address such as 127.0.0.1:{address.Port}, because every host on the network could read and " +
            $"write there; to serve others, name tokens first: {FileKey} = FILE (mode 0600) with lines such as " +
            "'read TOKEN'";
        throw isTyped
            ? new SettingsException("the command line", "--http", $"is '{address}'; expected {expected}.")
            : reader.Wrong("flume.http.address", address.ToString(), expected);
    }

    private static Tokens FromFile(SettingsReader reader, string file)
    {
        try
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & Others) != 0)
                throw reader.Wrong(FileKey, file, $"a file that only its owner may read; run: chmod 600 {file}");
            return Parse(
                File.ReadAllLines(file), cause => reader.Wrong(FileKey, file, $"a file of tokens, but {cause}"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw reader.Wrong(FileKey, file, $"a file that can be read ({error.Message})");
        }
    }

    private static Tokens Parse(IEnumerable<string> lines, Func<string, SettingsException> refuse)
    {
        try
        {
            return Tokens.Parse(lines);
        }
        catch (FormatException cause)
        {
            throw refuse(cause.Message);
        }
    }
}
