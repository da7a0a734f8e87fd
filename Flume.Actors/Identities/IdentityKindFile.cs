using System.Text;
using Flume.Log.Primitives;
using Flume.Ssb.Api;

namespace Flume.Actors;

/// <summary>Stores the kind of an identity beside its log: a file <c>kind</c> with one word.</summary>
public static class IdentityKindFile
{
    private const string Name = "kind";

    /// <summary>The path of the kind of an identity.</summary>
    public static string PathOf(IdentityFiles files) => Path.Combine(files.Own, Name);

    /// <summary>The kind of an identity. Without the file it is SSB, the kind of all earlier versions.</summary>
    /// <exception cref="InvalidDataException">The file contains no valid word.</exception>
    public static IdentityKind Read(IdentityFiles files)
    {
        string path = PathOf(files);
        if (!File.Exists(path)) return IdentityKind.Ssb;
        string word = File.ReadAllText(path).Trim();
        return IdentityKinds.TryParse(word, out IdentityKind kind)
            ? kind
            : throw new InvalidDataException(
                $"{path} contains '{word}', which is no kind of identity. Expected one word: " +
                $"{string.Join(" or ", IdentityKinds.All.Select(known => known.Word))}.");
    }

    /// <summary>Stores a kind durably; creates the identity's folder.</summary>
    public static void Write(IdentityFiles files, IdentityKind kind)
    {
        Directory.CreateDirectory(files.Own);
        OwnerFile.Replace(PathOf(files), Encoding.UTF8.GetBytes(kind.ToWord() + "\n"));
    }
}
