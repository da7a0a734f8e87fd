using Akka.Configuration;
using Flume.Ssb.Views;
using Flume.Views;
using Flume.Views.Plugins;

namespace Flume.Actors;

/// <summary>All settings, validated. flume.conf describes each value beside its default.</summary>
public sealed record FlumeSettings
{
    private const string Resource = "flume.conf";

    /// <summary>Folder of all data, absolute.</summary>
    public required string Directory { get; init; }

    /// <summary>Settings of logs.</summary>
    public required LogSettings Log { get; init; }

    /// <summary>Settings of the append queue.</summary>
    public required AppendSettings Append { get; init; }

    /// <summary>Settings of views.</summary>
    public required ViewSettings Views { get; init; }

    /// <summary>Limits of stores.</summary>
    public required StoreSettings Store { get; init; }

    /// <summary>Settings of reads.</summary>
    public required ReadSettings Reads { get; init; }

    /// <summary>Settings of rebuilds.</summary>
    public required RebuildSettings Rebuild { get; init; }

    /// <summary>Settings of identities.</summary>
    public required IdentitySettings Identities { get; init; }

    /// <summary>The configuration of the actor system: the user's values, then the built-in ones.</summary>
    public required Config Akka { get; init; }

    /// <summary>Reads the sections of the host, such as <c>flume.http</c>.</summary>
    public required SettingsReader Reader { get; init; }

    /// <summary>
    /// Loads the views of every identity: those of Flume and of plug-ins that <c>flume.views.names</c> lists.
    /// </summary>
    /// <exception cref="SettingsException">A plug-in can't be loaded, or a name belongs to no view.</exception>
    /// <param name="more">Views of another assembly of the process; included independent of the list.</param>
    public ViewCatalog LoadViews(params IReadOnlyList<IView> more) => LoadViews(SsbViews.Catalog, more);

    /// <summary>Loads the views with another catalog than Flume's own.</summary>
    internal ViewCatalog LoadViews(ViewCatalog own, params IReadOnlyList<IView> more)
    {
        try
        {
            ViewCatalog all = ViewPlugins.Load(own, Views.Plugins);
            foreach (IView view in more) all = all.With(view);
            return Choose(all);
        }
        catch (ViewPluginException cause)
        {
            throw Reader.Wrong("flume.views.plugins", cause.Message);
        }
    }

    /// <summary>
    /// The views of a catalog that <c>flume.views.names</c> lists, and those that a key of their own enables.
    /// </summary>
    /// <exception cref="SettingsException">The list names a view that the catalog lacks.</exception>
    internal ViewCatalog Choose(ViewCatalog catalog)
    {
        IReadOnlyList<string> names = Views.Names;
        if (names.Count == 0) return catalog;
        foreach (string name in names)
        {
            if (!catalog.Contains(name))
                throw Reader.Wrong("flume.views.names", new UnknownViewException(name, catalog.Views).Message);
        }

        return new ViewCatalog(catalog.Views.Where(view => names.Contains(view.Name) || view is IOwnStoreView));
    }

    /// <summary>The complete text of the built-in flume.conf.</summary>
    public static string BuiltInText()
    {
        using Stream stream = typeof(FlumeSettings).Assembly.GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>Reads a file over the built-in values; null reads only the built-in values.</summary>
    /// <exception cref="SettingsException">
    /// The file can't be read, or a key in it is unknown or out of range.
    /// </exception>
    public static FlumeSettings Load(string? file = null) =>
        file is null ? Parse("", "no file") : Parse(ReadFile(file), file);

    /// <summary>Reads HOCON text over the built-in values.</summary>
    /// <param name="hocon">The text; may be empty.</param>
    /// <param name="source">The name of the text in errors.</param>
    /// <exception cref="SettingsException">
    /// The text is not HOCON, or a key in it is unknown or out of range.
    /// </exception>
    public static FlumeSettings Parse(string hocon, string source) => Parse(hocon, source, ("", ""));

    /// <summary>As the public overload, with the program's own text above and below the user's text.</summary>
    internal static FlumeSettings Parse(string hocon, string source, (string Above, string Below) own)
    {
        Config builtIn = ConfigurationFactory.ParseString(BuiltInText());
        Config user = ParseUser(own.Above, source)
            .WithFallback(ParseUser(hocon, source))
            .WithFallback(ParseUser(own.Below, source));
        var reader = new SettingsReader(user, source, builtIn);
        FlumeSettings settings = Read(reader, user.WithFallback(builtIn));
        reader.RefuseUnknown("flume", except: OthersRead);
        return settings;
    }

    /// <summary>Reads every key of the engine.</summary>
    internal static FlumeSettings Read(SettingsReader reader, Config all)
    {
        string directory = Path.GetFullPath(reader.Text("flume.directory"));
        string journal = reader.Text("flume.journal.file");
        long compact = reader.Bytes("flume.journal.compact-bytes", 0, 1L << 30);
        if (journal.Length == 0) journal = Path.Combine(directory, "journal.offset");
        return new FlumeSettings
        {
            Directory = directory,
            Reader = reader,
            Log = LogSettings.Read(reader),
            Append = AppendSettings.Read(reader),
            Views = ViewSettings.Read(reader),
            Store = StoreSettings.Read(reader),
            Reads = ReadSettings.Read(reader),
            Rebuild = RebuildSettings.Read(reader),
            Identities = IdentitySettings.Read(reader),
            Akka = ConfigurationFactory.ParseString(
                $"flume.journal {{ file = {Quote(journal)}, compact-bytes = {compact} }}").WithFallback(all),
        };
    }

    /// <summary>Beginnings of keys below <c>flume</c> that Akka or the host reads.</summary>
    internal static readonly IReadOnlyList<string> OthersRead =
        ["flume.dispatchers.", "flume.journal.class", "flume.journal.plugin-dispatcher", "flume.http.", "flume.muxrpc.",
            "flume.replication.", "flume.logging.", "flume.metrics.", "flume.health.", "flume.sql."];

    private static string Quote(string text) => $"\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"";

    private static string ReadFile(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException(file, "the file", $"can't be read: {cause.Message}");
        }
    }

    private static Config ParseUser(string hocon, string source)
    {
        if (string.IsNullOrWhiteSpace(hocon)) return ConfigurationFactory.Empty;
        hocon = hocon.ReplaceLineEndings("\n");
        if (HoconShape.Fault(hocon) is { } fault)
            throw new SettingsException(source, "the text", $"is no HOCON: {fault}.");
        try
        {
            return ConfigurationFactory.ParseString(hocon);
        }
        catch (Exception cause) when (cause is not OutOfMemoryException)
        {
            throw new SettingsException(source, "the text", $"is not HOCON: {cause.Message}");
        }
    }
}
