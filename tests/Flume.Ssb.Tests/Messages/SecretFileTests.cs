using Flume.Ssb.Messages;
using Flume.TestKit;
using Xunit;

namespace Flume.Ssb.Tests.Messages;

/// <summary>The file with an identity's key pair.</summary>
public sealed class SecretFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flume-secret-").FullName;

    private string Secret => Path.Combine(_folder, "deeper", "secret");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void It_is_created_once_for_its_owner_alone_and_read_back()
    {
        FeedKeys created = SecretFile.ReadOrCreate(Secret);
        FeedKeys read = SecretFile.ReadOrCreate(Secret);
        Assert.Equal(created.Id, read.Id);
        Assert.True(created.SecretKey.SequenceEqual(read.SecretKey));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Secret));
        Assert.False(SecretFile.TryCreate(Secret, FeedKeys.Generate()));
        Assert.Equal(created.Id, SecretFile.Read(Secret).Id);
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(Secret)!));
    }

    [Fact]
    public void The_vectors_identity_reads() =>
        Assert.Equal("@+uhEFD56JVywEx8xlzL0apAL27y0kDXZH3aP86pDArQ=.ed25519", SmallNetwork.Identity.Id);

    [PeerFact("validation")]
    public void Npm_ssb_keys_reads_what_we_write()
    {
        FeedKeys created = SecretFile.ReadOrCreate(Secret);
        string script = $"process.stdout.write(require('ssb-keys').loadSync('{Secret}').id)";
        Assert.Equal(created.Id, System.Text.Encoding.UTF8.GetString(Node.Run(script, [], SmallNetwork.Peer("validation"))));
    }

    [Theory]
    [InlineData("", "is not JSON")]
    [InlineData("# only comments", "is not JSON")]
    [InlineData("[]", "no object")]
    [InlineData("{\"curve\":\"k256\",\"private\":\"x\"}", "its curve is 'k256'")]
    [InlineData("{\"curve\":\"ed25519\"}", "it has no string 'private'")]
    [InlineData("{\"private\":\"AAAA.ed25519\"}", "not the base64 of 64 bytes")]
    public void A_file_without_keys_says_what_is_wrong(string text, string problem)
    {
        var error = Assert.Throws<SecretFileException>(() => SecretFile.Parse(text, "/x/secret"));
        Assert.Contains(problem, error.Message);
        Assert.Contains("'/x/secret'", error.Message);
    }

    [Fact]
    public void Keys_that_do_not_belong_together_are_refused()
    {
        string text = SecretFile.Format(FeedKeys.Generate());
        string other = SecretFile.Format(FeedKeys.Generate());
        string publicLine = text.Split('\n').First(l => l.Contains("\"public\""));
        string mixed = text.Replace(publicLine, other.Split('\n').First(l => l.Contains("\"public\"")));
        Assert.Contains("belongs to", Assert.Throws<SecretFileException>(() => SecretFile.Parse(mixed, "s")).Message);
    }

    [Fact]
    public void An_error_never_quotes_the_secret()
    {
        FeedKeys keys = FeedKeys.Generate();
        string damaged = SecretFile.Format(keys).Replace("\"private\": \"", "\"private\": \"!");
        var error = Assert.Throws<SecretFileException>(() => SecretFile.Parse(damaged, "s"));
        Assert.DoesNotContain(Convert.ToBase64String(keys.SecretKey)[..20], error.ToString());
        Assert.Equal(keys.Id, keys.ToString());
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var error = Assert.Throws<FileNotFoundException>(() => SecretFile.Read("/nowhere/secret"));
        Assert.Contains("'/nowhere/secret'", error.Message);
    }
}
