namespace Akka.Configuration.Hocon;

/// <summary>What pieces written side by side amount to.</summary>
internal static class HoconPieces
{
    public static bool HasSubstitution(List<IHoconElement> pieces) => pieces.Exists(p => p is HoconSubstitution);

    /// <summary>
    /// Drops blanks at the ends, and those between objects or arrays: they count between strings only.
    /// </summary>
    public static void TrimBlanks(List<IHoconElement> pieces)
    {
        while (pieces.Count > 0 && IsBlank(pieces[^1]))
            pieces.RemoveAt(pieces.Count - 1);
        if (pieces.Exists(p => p is HoconObject or HoconArray))
            pieces.RemoveAll(IsBlank);
        MergeObjects(pieces);
    }

    /// <summary>Objects side by side are one object, the right one winning.</summary>
    public static void MergeObjects(List<IHoconElement> pieces)
    {
        for (var i = pieces.Count - 1; i > 0; i--)
        {
            if (pieces[i] is HoconObject right && pieces[i - 1] is HoconObject left)
            {
                pieces[i - 1] = left.MergedWith(right);
                pieces.RemoveAt(i);
            }
        }
    }

    public static bool IsBlank(IHoconElement piece) =>
        piece is HoconLiteral literal && string.IsNullOrWhiteSpace(literal.Value)
        && literal.Value.Length > 0;
}
