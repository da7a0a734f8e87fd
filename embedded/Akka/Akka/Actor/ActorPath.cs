namespace Akka.Actor;

/// <summary>The place of an actor in the tree, <c>akka://system/user/parent/child</c>.</summary>
/// <remarks>
/// 1. Immutable. Two paths are equal when they read alike: the uid tells apart actors that had the same path one after
///    the other.
/// </remarks>
public abstract class ActorPath : IEquatable<ActorPath>, IComparable<ActorPath>
{
    /// <summary>What a name may hold beside ASCII letters and digits.</summary>
    public const string ValidSymbols = "\"-_.*$+:@&=,!~';()";

    private string _text;

    protected ActorPath(Address address, string name)
    {
        Address = address;
        Name = name;
    }

    protected ActorPath(ActorPath parentPath, string name, long uid)
    {
        Address = parentPath.Address;
        Parent = parentPath;
        Depth = parentPath.Depth + 1;
        Name = name;
        Uid = uid;
    }

    public Address Address { get; }

    /// <summary>Number of names below the root.</summary>
    public int Depth { get; }

    public string Name { get; }

    /// <summary>The path above; null for the root.</summary>
    public ActorPath Parent { get; }

    /// <summary>Tells apart incarnations of the same path; 0 where there are none.</summary>
    public long Uid { get; }

    public ActorPath Root => Parent == null ? this : Parent.Root;

    /// <summary>The names below the root.</summary>
    public IReadOnlyList<string> Elements
    {
        get
        {
            var names = new string[Depth];
            for (var path = this; path.Parent != null; path = path.Parent)
                names[path.Depth - 1] = path.Name;
            return names;
        }
    }

    /// <summary>Whether an actor may be given this name.</summary>
    public static bool IsValidPathElement(string s)
    {
        if (string.IsNullOrEmpty(s) || s[0] == '$')
            return false;
        for (var i = 0; i < s.Length; i++)
        {
            if (s[i] == '%' && i + 2 < s.Length && char.IsAsciiHexDigit(s[i + 1]) && char.IsAsciiHexDigit(s[i + 2]))
                i += 2;
            else if (!char.IsAsciiLetterOrDigit(s[i]) && !ValidSymbols.Contains(s[i]))
                return false;
        }
        return true;
    }

    public static ActorPath Parse(string path) => TryParse(path, out var parsed)
        ? parsed
        : throw new UriFormatException($"Can not parse an ActorPath: {path}. Paths read "
            + "akka://system/user/parent/child.");

    public static bool TryParse(string path, out ActorPath actorPath)
    {
        actorPath = null;
        var scheme = path.IndexOf("://", StringComparison.Ordinal);
        if (scheme <= 0)
            return false;
        var slash = path.IndexOf('/', scheme + 3);
        var system = slash < 0 ? path[(scheme + 3)..] : path[(scheme + 3)..slash];
        if (system.Length == 0 || system.Contains('@'))
            return false;
        actorPath = new RootActorPath(new Address(path[..scheme], system));
        if (slash >= 0)
            actorPath /= path[(slash + 1)..].Split('/', StringSplitOptions.RemoveEmptyEntries);
        return true;
    }

    public ActorPath Child(string childName) => this / childName;

    public ActorPath WithUid(long uid) => Parent == null || uid == Uid ? this : new ChildActorPath(Parent, Name, uid);

    /// <summary>The path without the address, <c>/user/parent/child</c>.</summary>
    public string ToStringWithoutAddress() => Parent == null ? "/" : "/" + string.Join('/', Elements);

    public string ToStringWithAddress() => ToString();

    public string ToStringWithUid() => Uid == 0 ? ToString() : ToString() + "#" + Uid;

    public string ToSerializationFormat() => ToStringWithUid();

    public override string ToString() => _text ??= Address + ToStringWithoutAddress();

    public bool Equals(ActorPath other)
    {
        var mine = this;
        for (; mine != null && other is not null; mine = mine.Parent, other = other.Parent)
        {
            if (ReferenceEquals(mine, other))
                return true;
            if (mine.Name != other.Name || mine.Depth != other.Depth)
                return false;
            if (mine.Parent == null)
                return other.Parent == null && mine.Address.Equals(other.Address);
        }
        return false;
    }

    public override bool Equals(object obj) => Equals(obj as ActorPath);

    public override int GetHashCode() =>
        Parent == null ? Address.GetHashCode() : HashCode.Combine(Parent.GetHashCode(),
            Name.GetHashCode(StringComparison.Ordinal));

    public int CompareTo(ActorPath other) => string.CompareOrdinal(ToString(), other?.ToString());

    public static ActorPath operator /(ActorPath path, string name)
    {
        var hash = name.IndexOf('#');
        return hash < 0
            ? new ChildActorPath(path, name, 0)
            : new ChildActorPath(path, name[..hash], long.Parse(name.AsSpan(hash + 1)));
    }

    public static ActorPath operator /(ActorPath path, IEnumerable<string> name)
    {
        foreach (var element in name)
        {
            if (element.Length > 0)
                path /= element;
        }
        return path;
    }

    public static bool operator ==(ActorPath left, ActorPath right) => Equals(left, right);

    public static bool operator !=(ActorPath left, ActorPath right) => !Equals(left, right);
}

/// <summary>The root of a system's tree.</summary>
public sealed class RootActorPath : ActorPath
{
    public RootActorPath(Address address, string name = "") : base(address, name)
    {
    }
}

/// <summary>A path below another one.</summary>
public sealed class ChildActorPath : ActorPath
{
    public ChildActorPath(ActorPath parentPath, string name, long uid) : base(parentPath, name, uid)
    {
    }
}
