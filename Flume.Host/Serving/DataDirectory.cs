namespace Flume.Host.Serving;

/// <summary>A data directory as verbs see it that work without a server: <c>DIR/identities/NAME/…</c>.</summary>
internal sealed class DataDirectory(string path)
{
    /// <summary>What a name must look like, for errors.</summary>
    public const string NameRule = "1 to 64 letters, digits, dots, dashes and underscores, a letter, digit or underscore first, and not 'identities'";

    /// <summary>The directory, absolute.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>The names of the identities that have a log, in ordinal order.</summary>
    public IReadOnlyList<string> Names()
    {
        string home = System.IO.Path.Combine(Path, "identities");
        if (!Directory.Exists(home)) return [];
        List<string> names = [];
        foreach (string folder in Directory.EnumerateDirectories(home))
        {
            string name = System.IO.Path.GetFileName(folder);
            if (File.Exists(Identity(name).Log)) names.Add(name);
        }

        names.Sort(StringComparer.Ordinal);
        return names;
    }

    /// <summary>The files of an identity, whether or not it exists.</summary>
    public IdentityFiles Identity(string name) => IdentityFiles.In(Path, name);

    /// <summary>True for a name that an identity can have: it becomes a folder and a part of addresses.</summary>
    public static bool IsName(string name)
    {
        if (name.Length is 0 or > 64 || name == "identities" || name[0] is '.' or '-') return false;
        foreach (char letter in name)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '_' or '.')) return false;
        }

        return true;
    }
}
