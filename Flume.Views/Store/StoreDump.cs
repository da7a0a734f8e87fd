using System.Buffers.Binary;
using System.IO.Hashing;

namespace Flume.Views.Store;

/// <summary>A digest of a store's rows. Equal rows have equal digests, independent of their layout.</summary>
/// <param name="Postings">Distinct postings over all indexes.</param>
/// <param name="Rows">Plain rows.</param>
/// <param name="Hash">XXH128 over all rows in order, as 32 hexadecimal digits.</param>
public sealed record StoreDigest(long Postings, long Rows, string Hash);

/// <summary>Reads a store's logical rows, to verify that a rebuilt store equals one that followed the log.</summary>
public static class StoreDump
{
    /// <summary>The digest of a snapshot. It reads every row.</summary>
    public static StoreDigest Digest(IViewReader reader)
    {
        var hash = new XxHash128();
        long postings = 0, rows = 0;
        Span<byte> fixedRow = stackalloc byte[25];
        for (int index = 0; index <= byte.MaxValue; index++)
        {
            fixedRow[0] = (byte)index;
            using PostingCursor cursor = reader.Read((byte)index, PostingRange.All);
            for (; cursor.MoveNext(); postings++)
            {
                BinaryPrimitives.WriteUInt64BigEndian(fixedRow[1..], cursor.Current.A);
                BinaryPrimitives.WriteUInt64BigEndian(fixedRow[9..], cursor.Current.B);
                BinaryPrimitives.WriteInt64BigEndian(fixedRow[17..], cursor.Current.Offset);
                hash.Append(fixedRow);
            }
        }

        foreach ((byte[] key, byte[] value) in reader.Rows(default))
        {
            BinaryPrimitives.WriteInt32BigEndian(fixedRow, key.Length);
            BinaryPrimitives.WriteInt32BigEndian(fixedRow[4..], value.Length);
            hash.Append(fixedRow[..8]);
            hash.Append(key);
            hash.Append(value);
            rows++;
        }

        return new StoreDigest(postings, rows, Convert.ToHexStringLower(hash.GetCurrentHash()));
    }

    /// <summary>Writes one line per row, to compare two stores.</summary>
    public static void Write(IViewReader reader, TextWriter output)
    {
        for (int index = 0; index <= byte.MaxValue; index++)
        {
            using PostingCursor cursor = reader.Read((byte)index, PostingRange.All);
            while (cursor.MoveNext())
            {
                Posting posting = cursor.Current;
                output.WriteLine($"{index} {posting.A:x16} {posting.B:x16} {posting.Offset}");
            }
        }

        foreach ((byte[] key, byte[] value) in reader.Rows(default))
            output.WriteLine($"{Convert.ToHexStringLower(key)} = {Convert.ToHexStringLower(value)}");
    }
}
