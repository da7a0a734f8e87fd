namespace Flume.Host.Cli;

/// <summary>What the help of a verb shows below its options.</summary>
/// <param name="Codes">The exit codes that the verb has.</param>
/// <param name="Examples">Command lines that a user can start from.</param>
internal sealed record VerbHelp(int[] Codes, params string[] Examples)
{
    private static readonly int[] Words = [ExitCode.Ok, ExitCode.Usage, ExitCode.OutputClosed];

    private static readonly int[] AtServer =
    [
        ExitCode.Ok, ExitCode.Failed, ExitCode.Usage, ExitCode.Unreachable, ExitCode.Interrupted, ExitCode.OutputClosed,
    ];

    private static readonly int[] InFiles =
    [
        ExitCode.Ok, ExitCode.Failed, ExitCode.Usage, ExitCode.Damaged, ExitCode.Held, ExitCode.Interrupted,
        ExitCode.OutputClosed,
    ];

    private static readonly int[] AtBoth =
    [
        ExitCode.Ok, ExitCode.Failed, ExitCode.Usage, ExitCode.Damaged, ExitCode.Held, ExitCode.Unreachable,
        ExitCode.Interrupted, ExitCode.OutputClosed,
    ];

    private static readonly Dictionary<string, VerbHelp> ByVerb = new(StringComparer.Ordinal)
    {
        ["serve"] = new(
            [ExitCode.Ok, ExitCode.Failed, ExitCode.Usage, ExitCode.Damaged, ExitCode.Held],
            "flume serve --data ./data", "flume serve --ssb ~/.ssb --follow",
            "flume serve --http 127.0.0.1:0 --muxrpc off --empty"),
        ["create"] = new(AtBoth, "flume create sensors --kind events", "flume create alice --data ./data"),
        ["import"] = new(InFiles, "flume import ~/.ssb/flume/log.offset --secret ~/.ssb/secret --identity me",
            "flume import ~/.ssb/db2/log.bipf --secret ~/.ssb/secret --identity me"),
        ["export"] = new(
            InFiles, "flume export copy.offset --data ./data", "flume export - --type post --ssb ~/.ssb",
            "flume export alice.jsonl --author @+uhEFD56JVywEx8xlzL0apAL27y0kDXZH3aP86pDArQ=.ed25519"),
        ["rebuild"] = new(InFiles, "flume rebuild --data ./data", "flume rebuild links search --ssb ~/.ssb"),
        ["verify"] = new(
            [
                ExitCode.Ok, ExitCode.Failed, ExitCode.Usage, ExitCode.Damaged, ExitCode.Interrupted,
                ExitCode.OutputClosed,
            ],
            "flume verify ~/.ssb/flume/log.offset --ids", "flume verify --data ./data"),
        ["check"] = new(AtBoth, "flume check --data ./data", "flume check links --sample 1000 --http :7788"),
        ["doctor"] = new(
            InFiles, "flume doctor --data ./data --ids", "flume doctor --ssb ~/.ssb", "flume doctor --data ./data --fix"),
        ["backup"] = new(AtBoth, "flume backup /backup/me --identity me", "flume backup /backup/me --ssb ~/.ssb"),
        ["restore"] = new(InFiles, "flume restore /backup/me --data ./data --newest-own 1234"),
        ["status"] = new(AtBoth, "flume status", "flume status --watch 0.5", "flume status --ssb ~/.ssb --json"),
        ["views"] = new(
            AtServer, "flume views rebuild search",
            "flume views pause links --reason 'a full disk' --until 2026-12-01T06:00Z",
            "flume views budget --share 0.3"),
        ["peers"] = new(
            AtServer, "flume peers --watch", "flume peers connect net:pub.example:8008~shs:KEY --identity me"),
        ["invite"] = new(AtServer, "flume invite create --uses 10 --note friends", "flume invite list"),
        ["blobs"] = new(AtServer, "flume blobs gc --dry-run"),
        ["reopen"] = new(AtServer, "flume reopen --identity me"),
        ["tail"] = new(
            AtBoth, "flume tail --type post", "flume tail --from 0 --once --data ./data",
            "flume tail --filter '{\"temperature\":{\"$gt\":20}}' --identity sensors"),
        ["query"] = new(
            AtBoth, "flume query '[{\"$filter\":{\"value\":{\"content\":{\"type\":\"vote\"}}}}]' --limit 3 --table",
            "flume query --file stages.json --ssb ~/.ssb"),
        ["sql"] = new(AtBoth, "flume sql 'select count(*) from messages_raw'", "flume sql --data ./data"),
        ["call"] = new(
            AtBoth, "flume call help", "flume call whoami", "flume call createLogStream '{\"limit\":3}' --ssb ~/.ssb"),
        ["generate"] = new(
            [ExitCode.Ok, ExitCode.Failed, ExitCode.Usage, ExitCode.Interrupted, ExitCode.OutputClosed],
            "flume generate big.offset --messages 100000 --seed 7"),
        ["version"] = new(Words, "flume version --json"),
        ["completions"] = new(Words, "source <(flume completions bash)", "flume completions fish | source"),
    };

    /// <summary>The help of a verb; of all verbs together, for the root.</summary>
    public static VerbHelp Of(string verb) => ByVerb.TryGetValue(verb, out VerbHelp? help)
        ? help
        : new VerbHelp([.. ExitCode.All.Select(code => code.Code)], "flume serve", "flume status", "flume VERB --help");
}
