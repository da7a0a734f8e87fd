using System.Text;

namespace Flume.Views.Store.Native;

/// <summary>Paths for RocksDB: UTF-8 with a terminating zero byte.</summary>
internal static class RocksPath
{
    internal static byte[] Encode(string path)
    {
        byte[] utf8 = new byte[Encoding.UTF8.GetByteCount(path) + 1];
        Encoding.UTF8.GetBytes(path, utf8);
        return utf8;
    }
}
