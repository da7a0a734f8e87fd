namespace Flume.Views.Checking;

/// <summary>The kind of difference between a stored row and the log.</summary>
public enum RowFault
{
    /// <summary>The log implies the row, but the store lacks it.</summary>
    Missing,

    /// <summary>The store has the row, but the log does not imply it.</summary>
    Extra,

    /// <summary>The store has a different row for the same record or key.</summary>
    Changed,
}

/// <summary>One row that disagrees with the log.</summary>
/// <param name="Fault">The kind of difference.</param>
/// <param name="Index">The number of the index; null for a plain row.</param>
/// <param name="Offset">The offset of the row's record; null for a plain row.</param>
/// <param name="Expected">
/// The row that the log implies, in hexadecimal, or as table and values; null when the log implies none.
/// </param>
/// <param name="Found">The stored row in the same form; null when none is stored.</param>
public sealed record RowDifference(RowFault Fault, byte? Index, long? Offset, string? Expected, string? Found);
