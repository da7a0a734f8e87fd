using Akka.Configuration.Hocon;

namespace Akka.Configuration;

/// <summary>
/// Settings addressed by dotted paths (a part with a dot in it is quoted), with defaults to fall back to.
/// </summary>
/// <remarks>
/// 1. Immutable: <see cref="WithFallback"/> makes a new one, so it may be read from any thread.
/// 2. <see cref="Root"/> holds the fallbacks already merged in; a getter walks it once.
/// </remarks>
public class Config
{
    /// <summary>A configuration without keys.</summary>
    public static readonly Config Empty = ConfigurationFactory.Empty;

    private readonly HoconValue _own;

    public Config(HoconRoot root)
    {
        ArgumentNullException.ThrowIfNull(root?.Value, nameof(root));
        _own = Root = root.Value;
        Substitutions = root.Substitutions;
    }

    private Config(Config source, HoconValue merged, Config fallback)
    {
        _own = source._own;
        Substitutions = source.Substitutions;
        Root = merged;
        Fallback = fallback;
    }

    /// <summary>What <see cref="WithFallback"/> was given, or null.</summary>
    public Config Fallback { get; }

    public virtual bool IsEmpty => Root.IsEmpty;

    /// <summary>The tree that getters read.</summary>
    public virtual HoconValue Root { get; }

    public IEnumerable<HoconSubstitution> Substitutions { get; set; }

    /// <summary>Whether the path leads to a value, be it null.</summary>
    public virtual bool HasPath(string path) => GetValue(path) != null;

    /// <summary>The value at the path, or null.</summary>
    public HoconValue GetValue(string path)
    {
        var node = Root;
        foreach (var key in HoconPath.Split(path))
        {
            node = node.GetChildObject(key);
            if (node == null)
                return null;
        }
        return node;
    }

    /// <summary>The object at the path as a configuration of its own, or null.</summary>
    public virtual Config GetConfig(string path)
    {
        var value = GetValue(path);
        return value == null ? null : new Config(new HoconRoot(value));
    }

    public virtual string GetString(string path, string @default = null) =>
        Read(path, @default, static v => v.GetString());

    public virtual bool GetBoolean(string path, bool @default = false) =>
        Read(path, @default, static v => v.GetBoolean());

    public virtual int GetInt(string path, int @default = 0) => Read(path, @default, static v => v.GetInt());

    public virtual long GetLong(string path, long @default = 0) => Read(path, @default, static v => v.GetLong());

    public virtual float GetFloat(string path, float @default = 0) => Read(path, @default, static v => v.GetFloat());

    public virtual double GetDouble(string path, double @default = 0) =>
        Read(path, @default, static v => v.GetDouble());

    public virtual decimal GetDecimal(string path, decimal @default = 0) =>
        Read(path, @default, static v => v.GetDecimal());

    /// <summary>Bytes, with suffixes such as <c>kB</c> (1000) and <c>KiB</c> or <c>K</c> (1024).</summary>
    public virtual long? GetByteSize(string path) => Read(path, null, static v => v.GetByteSize());

    /// <summary>Bytes, with suffixes such as <c>kB</c> (1000) and <c>KiB</c> or <c>K</c> (1024).</summary>
    public virtual long? GetByteSize(string path, long? def = null) => Read(path, def, static v => v.GetByteSize());

    /// <summary>A duration such as <c>250ms</c> or <c>5 minutes</c>; a bare number is milliseconds.</summary>
    public virtual TimeSpan GetTimeSpan(string path, TimeSpan? @default = null, bool allowInfinite = true) =>
        allowInfinite
        ? Read(path, @default.GetValueOrDefault(), static v => v.GetTimeSpan(true))
        : Read(path, @default.GetValueOrDefault(), static v => v.GetTimeSpan(false));

    public virtual IList<string> GetStringList(string path) => Read(path, [], static v => v.GetStringList());

    public virtual IList<string> GetStringList(string path, string[] defaultPaths) =>
        Read<IList<string>>(path, defaultPaths, static v => v.GetStringList());

    public virtual IList<bool> GetBooleanList(string path) => Require(path).GetBooleanList();

    public virtual IList<int> GetIntList(string path) => Require(path).GetIntList();

    public virtual IList<long> GetLongList(string path) => Require(path).GetLongList();

    public virtual IList<double> GetDoubleList(string path) => Require(path).GetDoubleList();

    /// <summary>The keys at the root, each with its value.</summary>
    public virtual IEnumerable<KeyValuePair<string, HoconValue>> AsEnumerable() => Root.GetObject().Items;

    /// <summary>This configuration, and <paramref name="fallback"/> for what it does not say.</summary>
    public virtual Config WithFallback(Config fallback)
    {
        if (fallback == this)
            throw new ArgumentException("A configuration can not be its own fallback.", nameof(fallback));
        if (fallback == null)
            return this;
        if (IsEmpty)
            return fallback;
        if (fallback.IsEmpty)
            return this;

        var merged = new HoconValue();
        merged.AppendValue(fallback.Root.GetObject().MergedWith(Root.GetObject()));
        return new Config(this, merged, Fallback == null ? fallback : Fallback.WithFallback(fallback));
    }

    public override string ToString() => _own.ToString();

    public string ToString(bool includeFallback) => includeFallback ? Root.ToString() : ToString();

    public static implicit operator Config(string str) => ConfigurationFactory.ParseString(str);

    public static Config operator +(Config config, string fallback) =>
        config.WithFallback(ConfigurationFactory.ParseString(fallback));

    public static Config operator +(string configHocon, Config fallbackConfig) =>
        ConfigurationFactory.ParseString(configHocon).WithFallback(fallbackConfig);

    private T Read<T>(string path, T missing, Func<HoconValue, T> read)
    {
        var value = GetValue(path);
        if (value == null)
            return missing;
        try
        {
            return read(value);
        }
        catch (FormatException e)
        {
            throw new FormatException($"Could not read the setting '{path}': {e.Message}", e);
        }
    }

    private HoconValue Require(string path) => GetValue(path) ?? throw new NullReferenceException(
        $"Could not read the list '{path}': the configuration has no such key.");
}
