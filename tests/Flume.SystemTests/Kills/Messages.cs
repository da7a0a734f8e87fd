using System.Text;
using Flume.Log;
using Flume.TestKit;

namespace Flume.SystemTests.Kills;

/// <summary>Real messages to append: the records of the small log, made different by a number.</summary>
internal static class Messages
{
    private static readonly byte[][] Records = Read();

    /// <summary>The n-th record as JSON in one line; each n gives another text, so that each append can be told apart.</summary>
    internal static string Line(int n)
    {
        string record = Encoding.UTF8.GetString(Records[n % Records.Length]);
        return string.Concat("{\"n\":", n.ToString(System.Globalization.CultureInfo.InvariantCulture), ",", record.AsSpan(1));
    }

    private static byte[][] Read()
    {
        using OffsetLog log = OffsetLog.Open(Vectors.Log, new LogOptions { ReadOnly = true });
        List<byte[]> records = [];
        for (LogCursor cursor = log.Read(LogRange.All); cursor.MoveNext();) records.Add(cursor.Current.Payload.ToArray());
        return [.. records];
    }
}
