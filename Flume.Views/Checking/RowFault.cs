namespace Flume.Views.Checking;

/// <summary>In which way a stored row disagrees with the log.</summary>
public enum RowFault
{
    /// <summary>The log means this row, the store lacks it.</summary>
    Missing,

    /// <summary>The store holds this row, the log does not mean it.</summary>
    Extra,

    /// <summary>The store holds another row in this one's place.</summary>
    Changed,
}

/// <summary>One row that disagrees with the log.</summary>
/// <param name="Fault">In which way.</param>
/// <param name="Index">The number of the index; null for a plain row.</param>
/// <param name="Offset">The record that the row belongs to; null for a plain row.</param>
/// <param name="Expected">The row that the log means, in hexadecimal digits; null when it means none.</param>
/// <param name="Found">The row that is stored, in hexadecimal digits; null when there is none.</param>
public sealed record RowDifference(RowFault Fault, byte? Index, long? Offset, string? Expected, string? Found);
