using Microsoft.Net.Http.Headers;

namespace Flume.Host.Http;

/// <summary>The bytes of a representation that a request asks for: all of them, or one range.</summary>
/// <remarks>
/// Several ranges, other units and a range of another version are answered with all bytes (RFC 9110, 14.2).
/// </remarks>
/// <param name="First">The first byte.</param>
/// <param name="Bytes">The number of bytes.</param>
/// <param name="IsPart">True if they are not all.</param>
internal readonly record struct ByteRange(long First, long Bytes, bool IsPart)
{
    /// <summary>True if the range begins beyond the end.</summary>
    public bool IsUnsatisfiable => Bytes < 0;

    /// <summary>The range of a request for a representation of a length.</summary>
    public static ByteRange Of(IHeaderDictionary headers, string etag, long length)
    {
        ByteRange all = new(0, length, false);
        string condition = headers.IfRange.ToString();
        if (condition.Length > 0 && condition != etag) return all;
        if (!RangeHeaderValue.TryParse(headers.Range.ToString(), out RangeHeaderValue? asked)) return all;
        if (asked.Unit != "bytes" || asked.Ranges.Count != 1) return all;
        (long? from, long? to) = (asked.Ranges.First().From, asked.Ranges.First().To);
        long first = from ?? Math.Max(0, length - to!.Value);
        long last = from is null ? length - 1 : Math.Min(to ?? length - 1, length - 1);
        return first >= length || last < first ? new(first, -1, true) : new(first, last - first + 1, true);
    }
}
