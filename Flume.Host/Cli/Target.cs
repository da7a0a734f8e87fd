using System.CommandLine;
using Flume.Host.Serving;

namespace Flume.Host.Cli;

/// <summary>Where a verb works: at a server, in a data directory, or in a classic ssb directory.</summary>
/// <param name="Http">The server's address as typed; null for the default one.</param>
/// <param name="Data">The data directory; null for none.</param>
/// <param name="Ssb">The classic directory; null for none.</param>
internal sealed record Target(string? Http, string? Data, string? Ssb)
{
    /// <summary>True when the verb asks a server.</summary>
    public bool IsServer => Data is null && Ssb is null;

    /// <summary>The server's base address.</summary>
    /// <exception cref="VerbException">The typed text is no address.</exception>
    public Uri Server => Where.Server(Http);

    /// <summary>The directory; <see cref="Where.DefaultData"/> if none was typed.</summary>
    /// <exception cref="VerbException">It is no directory of that kind.</exception>
    public DataDirectory Directory =>
        Ssb is null ? DirectoryKind.Existing(Data ?? Where.DefaultData) : DirectoryKind.Classic(Ssb);

    /// <summary>The name and the files of the identity that was named, or of the only one.</summary>
    /// <exception cref="VerbException">There is no such identity.</exception>
    public static string Identity(string? typed, DataDirectory directory)
    {
        IReadOnlyList<string> names = directory.Names();
        if (directory.ClassicFiles is not null && names.Count == 0)
        {
            throw VerbException.Usage($"{directory.Shown} has a key pair and no log yet. It begins with the first message: " +
                $"'flume serve --ssb {directory.Shown}' takes one.");
        }

        return Where.Choose(typed, names, directory.Shown);
    }
}

/// <summary>The options of a verb that name its target, and the identity in it.</summary>
internal sealed class TargetOptions
{
    private readonly Option<string?>? _http;
    private readonly Option<string?> _data;
    private readonly Option<string?> _ssb;
    private readonly Option<string?>? _identity;

    /// <summary>Creates the options; a null description leaves an option out.</summary>
    /// <param name="data">The description of <c>--data</c>.</param>
    /// <param name="http">The description of <c>--http</c>, for verbs that can ask a server.</param>
    /// <param name="identity">The description of <c>--identity</c>, for verbs that work on one identity.</param>
    public TargetOptions(string data, string? http = null, string? identity = null)
    {
        _http = http is null ? null : Where.Http(http);
        _data = Where.Data(data);
        _ssb = new("--ssb")
        {
            Description = "The same for a classic ssb directory, such as ~/.ssb, as 'serve --ssb' has it", HelpName = "DIR",
        };
        _identity = identity is null ? null : Where.Identity(identity);
    }

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command command)
    {
        foreach (Option? option in (Option?[])[_identity, _http, _data, _ssb])
            if (option is not null) command.Options.Add(option);
    }

    /// <summary>The identity that was typed; null for none.</summary>
    public string? Identity(ParseResult parsed) => _identity is null ? null : parsed.GetValue(_identity);

    /// <summary>The target that was typed.</summary>
    /// <exception cref="VerbException">Two targets were typed.</exception>
    public Target Of(ParseResult parsed)
    {
        string? http = _http is null ? null : parsed.GetValue(_http);
        Target target = new(http, parsed.GetValue(_data), parsed.GetValue(_ssb));
        List<string> typed = [];
        if (target.Http is not null) typed.Add("--http");
        if (target.Data is not null) typed.Add("--data");
        if (target.Ssb is not null) typed.Add("--ssb");
        if (typed.Count > 1) throw VerbException.Usage($"Give {string.Join(" or ", typed)}, not both.");
        if (target.Ssb is not null && Identity(parsed) is { } name && name != ClassicDirectory.Identity)
            throw VerbException.Usage($"--ssb has one identity, '{ClassicDirectory.Identity}': leave --identity out.");
        return target;
    }
}
