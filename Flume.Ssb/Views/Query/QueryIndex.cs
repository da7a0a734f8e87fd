namespace Flume.Ssb.Views.Query;

/// <summary>The indexes of the query view, with A and B of their postings.</summary>
internal static class QueryIndex
{
    /// <summary>B = timestamp.</summary>
    internal const byte Log = 1;

    /// <summary>A = author; B = sequence.</summary>
    internal const byte Clk = 2;

    /// <summary>A = type; B = timestamp.</summary>
    internal const byte Typ = 3;

    /// <summary>A = type; B = value.timestamp.</summary>
    internal const byte Tya = 4;

    /// <summary>A = channel; B = timestamp.</summary>
    internal const byte Cha = 5;

    /// <summary>A = author and type; B = timestamp.</summary>
    internal const byte Aty = 6;

    /// <summary>A = author and type; B = value.timestamp.</summary>
    internal const byte Ata = 7;

    /// <summary>A = content.root; B = value.timestamp.</summary>
    internal const byte Art = 8;

    /// <summary>B = rts.</summary>
    internal const byte Lor = 9;

    /// <summary>
    /// A = type; B = 0: the order is by offset. It serves unions over types, which JavaScript answers with a scan.
    /// </summary>
    internal const byte TypeInLogOrder = 10;

    /// <summary>A = author; B = 0: the order is by offset.</summary>
    internal const byte AuthorInLogOrder = 11;
}
