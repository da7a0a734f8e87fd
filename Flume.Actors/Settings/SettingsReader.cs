using System.Globalization;
using Akka.Configuration;
using Akka.Configuration.Hocon;
using Flume.Log.Primitives;

namespace Flume.Actors;

/// <summary>Reads and validates HOCON values below <c>flume</c>. Errors name the file and the key.</summary>
/// <remarks>
/// 1. The built-in flume.conf has a value for every key, so the code contains no default.
/// 2. It records the keys that are read. A key of the user's file that is never read is an error.
/// </remarks>
public sealed class SettingsReader
{
    /// <summary>The name of the built-in file in errors.</summary>
    public const string BuiltInName = "the built-in flume.conf";

    private readonly Config _user;
    private readonly Config _all;
    private readonly string _userFile;
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    /// <summary>Reads the values of <paramref name="user"/>, else those of <paramref name="builtIn"/>.</summary>
    public SettingsReader(Config user, string userFile, Config builtIn)
    {
        _user = user;
        _userFile = userFile;
        _all = user.WithFallback(builtIn);
    }

    /// <summary>Full paths of the keys read so far.</summary>
    public IReadOnlyCollection<string> KeysRead => _read;

    /// <summary>A whole number in a range, both ends inclusive.</summary>
    public int Int(string key, int least, int most) => (int)Long(key, least, most);

    /// <summary>A whole number in a range, both ends inclusive.</summary>
    public long Long(string key, long least, long most)
    {
        string text = Text(key);
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
            && value >= least && value <= most) return value;
        throw Wrong(key, text, $"a whole number from {least} to {most}");
    }

    /// <summary>A number in a range: greater than <paramref name="above"/>, at most <paramref name="most"/>.</summary>
    public double Fraction(string key, double above, double most)
    {
        string text = Text(key);
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            && value > above && value <= most) return value;
        throw Wrong(key, text, FormattableString.Invariant($"a number above {above} and at most {most}"));
    }

    /// <summary>Bytes: a whole number, alone or with KiB, MiB or GiB, in a range with both ends inclusive.</summary>
    public long Bytes(string key, long least, long most)
    {
        string text = Text(key);
        if (ByteCount.TryParse(text, out long value) && value >= least && value <= most) return value;
        throw Wrong(key, text, $"a size from {ByteCount.Text(least)} to {ByteCount.Text(most)}, such as 16MiB");
    }

    /// <summary>Bytes as <see cref="Bytes"/> reads them; for <c>auto</c> a share of the machine's memory.</summary>
    internal long BytesOrAuto(string key, long least, long most, (double Share, long Most) auto) =>
        Text(key) == "auto" ? MachineMemory.Share(auto.Share, least, auto.Most) : Bytes(key, least, most);

    /// <summary>Milliseconds as a duration, in a range with both ends inclusive.</summary>
    public TimeSpan Milliseconds(string key, long least, long most) =>
        TimeSpan.FromMilliseconds(Long(key, least, most));

    /// <summary>true or false.</summary>
    public bool Flag(string key)
    {
        string text = Text(key);
        return text switch
        {
            "true" or "on" or "yes" => true,
            "false" or "off" or "no" => false,
            _ => throw Wrong(key, text, "on or off"),
        };
    }

    /// <summary>One of the given words.</summary>
    public T OneOf<T>(string key, params (string Word, T Value)[] words)
    {
        string text = Text(key);
        foreach ((string word, T value) in words)
        {
            if (string.Equals(word, text, StringComparison.OrdinalIgnoreCase)) return value;
        }

        throw Wrong(key, text, $"one of {string.Join(", ", words.Select(word => word.Word))}");
    }

    /// <summary>Any text; may be empty.</summary>
    public string Text(string key)
    {
        _read.Add(key);
        string? text = _all.HasPath(key) ? _all.GetString(key) : null;
        return text?.Trim() ?? throw new SettingsException(
            FileOf(key), key, "has no value. Restore the key, or remove the file that hides it.");
    }

    /// <summary>A list of words; empty for <c>[]</c>.</summary>
    public IReadOnlyList<string> Words(string key)
    {
        _read.Add(key);
        return [.. _all.GetStringList(key)];
    }

    /// <summary>A list of objects, each with exactly these members, all texts; empty for <c>[]</c>.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Objects(string key, params string[] members)
    {
        _read.Add(key);
        var objects = new List<IReadOnlyDictionary<string, string>>();
        foreach (HoconValue item in _all.GetValue(key).GetArray())
        {
            Dictionary<string, HoconValue> found = item.IsObject() ? item.GetObject().Items : [];
            if (found.Count != members.Length || !members.All(found.ContainsKey))
                throw Wrong(
                    key, item.ToString(), $"objects with the members {string.Join(", ", members)}, and no others");
            objects.Add(members.ToDictionary(member => member, member => found[member].GetString().Trim()));
        }

        return objects;
    }

    /// <summary>An error about a value that was read.</summary>
    public SettingsException Wrong(string key, string value, string expected) =>
        new(FileOf(key), key, $"is '{value}'; expected {expected}.");

    /// <summary>An error about a value that was read, with a complete sentence.</summary>
    public SettingsException Wrong(string key, string sentence) =>
        new(FileOf(key), key, $"can't be used. {sentence}");

    /// <summary>Refuses keys below <paramref name="section"/> that the user sets and no component has read.</summary>
    /// <param name="section">The section, with all keys below it.</param>
    /// <param name="except">Beginnings of keys that other components read.</param>
    /// <exception cref="SettingsException">
    /// A key is unknown; the message suggests the most similar known key.
    /// </exception>
    public void RefuseUnknown(string section, IReadOnlyList<string> except)
    {
        if (!_user.HasPath(section)) return;
        foreach (string key in Leaves(section, _user.GetValue(section)))
        {
            if (_read.Contains(key) || except.Any(start => key.StartsWith(start, StringComparison.Ordinal))) continue;
            string near = _read.MinBy(known => Spelling.Distance(known, key))!;
            throw new SettingsException(
                _userFile, key, $"is no key of Flume. Did you mean {near}? flume.conf lists all keys.");
        }
    }

    private string FileOf(string key) => _user.HasPath(key) ? _userFile : BuiltInName;

    private static IEnumerable<string> Leaves(string path, HoconValue value) =>
        value.IsObject()
            ? value.GetObject().Items.SelectMany(item => Leaves($"{path}.{item.Key}", item.Value))
            : [path];
}
