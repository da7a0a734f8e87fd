using Flume.Views.Store;

namespace Flume.Views.Checking;

/// <summary>The plain rows that a log implies. For each key, the write of the latest record wins.</summary>
/// <remarks>Safe for several threads. The order of the records does not matter.</remarks>
internal sealed class PlainFold
{
    private readonly Dictionary<string, (long Offset, byte[]? Value)> _rows = new(StringComparer.Ordinal);

    /// <summary>Adds the writes of one record.</summary>
    public void Add(CheckSink record)
    {
        if (record.Plain.Count == 0) return;
        lock (_rows)
        {
            foreach (PlainWrite write in record.Plain)
            {
                string key = Convert.ToHexStringLower(write.Key);
                if (!_rows.TryGetValue(key, out (long Offset, byte[]? Value) old) || old.Offset <= record.Offset)
                    _rows[key] = (record.Offset, write.Value);
            }
        }
    }

    /// <summary>Compares with the stored plain rows and returns their number.</summary>
    public long Compare(IViewReader stored, DifferenceList into)
    {
        long rows = 0;
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach ((byte[] bytes, byte[] value) in stored.Rows(default))
        {
            rows++;
            string key = Convert.ToHexStringLower(bytes);
            seen.Add(key);
            byte[]? expected = _rows.TryGetValue(key, out (long Offset, byte[]? Value) row) ? row.Value : null;
            if (expected is null) into.Add(new(RowFault.Extra, null, null, null, Text(key, value)));
            else if (!expected.AsSpan().SequenceEqual(value))
                into.Add(new(RowFault.Changed, null, null, Text(key, expected), Text(key, value)));
        }

        foreach ((string key, (long _, byte[]? value)) in _rows)
        {
            if (value is not null && !seen.Contains(key))
                into.Add(new(RowFault.Missing, null, null, Text(key, value), null));
        }

        return rows;
    }

    private static string Text(string key, byte[] value) => $"{key}={Convert.ToHexStringLower(value)}";
}
