using System.Buffers.Binary;

namespace Flume.Torture;

/// <summary>Reads the frames of a 32-bit log without the code under test.</summary>
internal static class RawLog
{
    private const int LengthBytes = 4, OverheadBytes = 12;

    /// <summary>The payloads by offset, up to the first frame that does not verify, and where that is.</summary>
    public static (SortedDictionary<long, byte[]> Records, long End) Read(string path)
    {
        byte[] bytes = File.Exists(path) ? File.ReadAllBytes(path) : [];
        var records = new SortedDictionary<long, byte[]>();
        int at = 0;
        while (at + OverheadBytes <= bytes.Length)
        {
            long length = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));
            if (at + length + OverheadBytes > bytes.Length) break;
            int trailer = at + LengthBytes + (int)length;
            long end = at + length + OverheadBytes;
            if (BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(trailer)) != length) break;
            if (BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(trailer + LengthBytes)) != end) break;
            records.Add(at, bytes[(at + LengthBytes)..trailer]);
            at = (int)end;
        }

        return (records, at);
    }

    /// <summary>True for a deleted record.</summary>
    public static bool IsZeros(byte[] payload) => !payload.AsSpan().ContainsAnyExcept((byte)0);
}
