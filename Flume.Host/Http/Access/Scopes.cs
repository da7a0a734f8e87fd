using Flume.Ssb.Api;

namespace Flume.Host.Http.Access;

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
