namespace Flume.Torture.Side;

/// <summary>Damages files of a data directory in one of the ways that crashes, tools and people do.</summary>
internal sealed class SideDamage(Random random, string data, SideTemplate template)
{
    private bool _isExchanged;

    /// <summary>Does one to three kinds of damage; what was done.</summary>
    public string Do()
    {
        List<string> done = [];
        for (int i = random.Next(4) == 0 ? 3 : 1; i > 0; i--) done.Add(One());
        return string.Join(", ", done);
    }

    private string One()
    {
        if (random.Next(12) == 0) return ReplaceLog();
        if (random.Next(12) == 0) return SwapViews();
        string file = template.SideFiles[random.Next(template.SideFiles.Count)];
        string path = Path.Combine(data, file);
        if (!File.Exists(path)) return $"{file} is gone";
        switch (random.Next(7))
        {
            case 0:
                File.Delete(path);
                return $"{file} deleted";
            case 1:
                return $"{file} cut to {Change(path, bytes => bytes[..random.Next(bytes.Length)])}";
            case 2:
                return $"{file} filled with random bytes, {Change(path, bytes => Fill(bytes))}";
            case 3:
                return $"{file} zeroed in part, {Change(path, Zero)}";
            case 4:
                byte[] more = Fill(new byte[random.Next(1, 9000)]);
                return $"{file} longer by garbage, {Change(path, bytes => [.. bytes, .. more])}";
            case 5:
                return SwapWithOther(file, path);
            default:
                return $"{file} with flipped bits, {Change(path, Flip)}";
        }
    }

    private static int Change(string path, Func<byte[], byte[]> change)
    {
        byte[] changed = change(File.ReadAllBytes(path));
        File.WriteAllBytes(path, changed);
        return changed.Length;
    }

    private byte[] Fill(byte[] bytes)
    {
        random.NextBytes(bytes);
        return bytes;
    }

    private byte[] Zero(byte[] bytes)
    {
        int from = random.Next(bytes.Length);
        bytes.AsSpan(from, random.Next(1, bytes.Length - from + 1)).Clear();
        return bytes;
    }

    private byte[] Flip(byte[] bytes)
    {
        for (int i = random.Next(1, 4); i > 0; i--) bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        return bytes;
    }

    /// <summary>The same file of the other identity, which has another log.</summary>
    private static string SwapWithOther(string file, string path)
    {
        string other = path.Contains("/me/", StringComparison.Ordinal)
            ? path.Replace("/me/", "/bob/", StringComparison.Ordinal)
            : path.Replace("/bob/", "/me/", StringComparison.Ordinal);
        if (other == path || !File.Exists(other)) return $"{file} has no other";
        File.Copy(other, path, overwrite: true);
        return $"{file} is that of the other identity";
    }

    private string ReplaceLog()
    {
        if (_isExchanged) return "logs stay";
        _isExchanged = true;
        string me = Path.Combine(data, "identities", "me", "log.offset");
        File.Copy(Path.Combine(data, "identities", "bob", "log.offset"), me, overwrite: true);
        return "the log of me is that of bob";
    }

    // Rows name their log, not the keys that opened its boxes: with one log, those of another key pair pass for own ones.
    private string SwapViews()
    {
        if (_isExchanged) return "views stay";
        _isExchanged = true;
        string me = Path.Combine(data, "identities", "me", "views");
        string bob = Path.Combine(data, "identities", "bob", "views");
        if (!Directory.Exists(me) || !Directory.Exists(bob)) return "no views to swap";
        Directory.Move(me, me + "-x");
        Directory.Move(bob, me);
        Directory.Move(me + "-x", bob);
        return "the views of me and bob are swapped";
    }
}
