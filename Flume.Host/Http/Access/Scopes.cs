using Flume.Ssb.Api;

namespace Flume.Host.Http.Access;

/// <summary>Converts scopes to words and back.</summary>
internal static class Scopes
{
    /// <summary>All scopes: the scopes of local callers unless configured otherwise.</summary>
    public const Scope All = Scope.Read | Scope.Append | Scope.Admin;

    /// <summary>True if <paramref name="granted"/> includes <paramref name="needed"/>.</summary>
    public static bool Allow(Scope granted, Scope needed) =>
        granted.HasFlag(Scope.Admin) || (granted & needed) == needed;

    /// <summary>Parses words joined by plus signs; false if a word is not a scope.</summary>
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

    public static string Word(Scope scope) => scope.ToString().ToLowerInvariant();
}
