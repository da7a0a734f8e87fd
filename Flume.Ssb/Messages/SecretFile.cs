using System.Text;
using Flume.Log.Primitives;
using Flume.Query.Json;
using Flume.Ssb.Crypto;

namespace Flume.Ssb.Messages;

/// <summary>
/// The file <c>secret</c> of an identity, in the form that ssb-keys reads and writes (docs/spec 5.3).
/// </summary>
/// <remarks>
/// A lost file loses the identity, and a copied file can fork the feed. The file is therefore created once with mode
/// 0600, synced to disk before it becomes visible, and never overwritten.
/// </remarks>
public static class SecretFile
{
    /// <summary>Reads the identity.</summary>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="SecretFileException">The file has no usable key pair. The message gives the cause.</exception>
    public static FeedKeys Read(string path)
    {
        if (!File.Exists(path))
        {
            string problem = $"There is no secret at '{path}'. Copy one there, or let Flume create it.";
            throw new FileNotFoundException(problem, path);
        }

        return Parse(File.ReadAllText(path), path);
    }

    /// <summary>Reads the identity, or creates the file with a new identity.</summary>
    /// <exception cref="SecretFileException">The file exists but has no usable key pair.</exception>
    public static FeedKeys ReadOrCreate(string path)
    {
        if (File.Exists(path)) return Read(path);
        FeedKeys keys = FeedKeys.Generate();
        return TryCreate(path, keys) ? keys : Read(path);
    }

    /// <summary>Writes the identity to a new file with mode 0600. Returns false and keeps an existing file.</summary>
    public static bool TryCreate(string path, FeedKeys keys)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        OwnerFile.CreateFolder(folder);
        string draft = Path.Combine(folder, $".secret-{Guid.NewGuid():n}");
        try
        {
            using (var file = new FileStream(draft, OwnerFile.Options(FileMode.CreateNew, FileAccess.Write)))
            {
                file.Write(Encoding.ASCII.GetBytes(Format(keys)));
                OwnerFile.Sync(file);
            }

            File.Move(draft, path, overwrite: false);
            Posix.SyncDirectory(folder);
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(draft);
            return false;
        }
        catch
        {
            File.Delete(draft);
            throw;
        }
    }

    /// <summary>The text of the file: comments and the key pair as JSON.</summary>
    public static string Format(FeedKeys keys)
    {
        string publicKey = Convert.ToBase64String(keys.PublicKey.Span) + ".ed25519";
        var pair = new JsObject()
            .Set("curve", JsValue.From("ed25519"))
            .Set("public", JsValue.From(publicKey))
            .Set("private", JsValue.From(Convert.ToBase64String(keys.SecretKey) + ".ed25519"))
            .Set("id", JsValue.From(keys.Id));
        return $"""
            # This file is an identity. Whoever reads it can write in its name: show it to nobody.
            # Use it in one place only. Two programs that write with it at the same time fork the feed,
            # and then nobody can follow it any more. Keep a backup, and do not edit it.
            #
            {JsWriter.ToJson(JsValue.From(pair), 2)}
            #
            # This line alone may be shared; it is the public name:
            #   {keys.Id}
            """;
    }

    /// <summary>Parses the identity from a file's text. Only errors use <paramref name="path"/>.</summary>
    /// <exception cref="SecretFileException">The text has no usable key pair.</exception>
    public static FeedKeys Parse(string text, string path)
    {
        JsValue pair = ReadPair(text, path);
        if (pair["curve"] is { IsString: true } curve && !curve.EqualsUtf8("ed25519"u8))
            throw new SecretFileException(path, $"its curve is '{curve.AsString}', and only ed25519 is known");
        if (!pair["private"].IsString) throw new SecretFileException(path, "it has no string 'private'");
        byte[] secret = KeyBytes(pair["private"].AsString, path);
        FeedKeys keys = FeedKeys.FromSeed(secret.AsSpan(0, Sodium.KeyBytes));
        if (!keys.SecretKey.SequenceEqual(secret))
            throw new SecretFileException(path, "the two halves of 'private' do not belong together");
        if (pair["public"].IsString && pair["public"].AsString != keys.Id[1..])
        {
            string other = pair["public"].AsString;
            throw new SecretFileException(path, $"'public' is {other}, but 'private' belongs to {keys.Id}");
        }

        Sodium.Wipe(secret);
        return keys;
    }

    private static JsValue ReadPair(string text, string path)
    {
        var json = new StringBuilder();
        foreach (string line in text.Split('\n'))
        {
            int comment = line.IndexOf('#', StringComparison.Ordinal);
            json.Append(comment < 0 ? line : line[..comment]);
        }

        try
        {
            JsValue pair = JsValue.ParseWhole(Encoding.UTF8.GetBytes(json.ToString()));
            return pair.IsObject ? pair : throw new SecretFileException(path, "its JSON is no object");
        }
        catch (JsSyntaxException)
        {
            // The parser's message quotes its input, which can contain a part of the secret.
            throw new SecretFileException(path, "what is left without its comments (#) is not JSON");
        }
    }

    private static byte[] KeyBytes(string key, string path)
    {
        var bytes = new byte[Sodium.SecretKeyBytes];
        int dot = key.IndexOf('.', StringComparison.Ordinal);
        ReadOnlySpan<char> base64 = dot < 0 ? key : key.AsSpan(0, dot);
        if (Convert.TryFromBase64Chars(base64, bytes, out int written) && written == bytes.Length) return bytes;
        throw new SecretFileException(path, "'private' is not the base64 of 64 bytes");
    }
}
