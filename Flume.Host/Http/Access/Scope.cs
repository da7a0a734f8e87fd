namespace Flume.Host.Http.Access;

/// <summary>What a caller may do; a token carries one or more.</summary>
[Flags]
internal enum Scope
{
    /// <summary>Nothing is needed: the page's own files, and whether the server lives.</summary>
    None = 0,

    /// <summary>Read everything, the identity's private messages included.</summary>
    Read = 1,

    /// <summary>Append to logs and publish as the identity.</summary>
    Append = 2,

    /// <summary>Everything: identities, views, deleting.</summary>
    Admin = 4,
}

/// <summary>Scopes as words.</summary>
internal static class Scopes
{
    /// <summary>Every scope: what a caller of the same machine has unless configured otherwise.</summary>
    public const Scope All = Scope.Read | Scope.Append | Scope.Admin;

    /// <summary>True when who has <paramref name="granted"/> may do what needs <paramref name="needed"/>.</summary>
    public static bool Allow(Scope granted, Scope needed) =>
        granted.HasFlag(Scope.Admin) || (granted & needed) == needed;

    /// <summary>The words of scopes, joined by plus signs; false when one is none.</summary>
    public static bool TryParse(string text, out Scope scopes)
    {
        scopes = Scope.None;
        foreach (string word in text.Split('+'))
        {
            Scope one = word switch
            {
                "read" => Scope.Read,
                "append" => Scope.Append,
                "admin" => Scope.Admin,
                _ => Scope.None,
            };
            if (one == Scope.None) return false;
            scopes |= one;
        }

        return true;
    }

    /// <summary>The word of one scope.</summary>
    public static string Word(Scope scope) => scope.ToString().ToLowerInvariant();
}
