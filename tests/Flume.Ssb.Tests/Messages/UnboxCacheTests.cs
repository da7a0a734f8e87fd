using Flume.Log;
using Flume.Ssb.Messages;
using Xunit;

namespace Flume.Ssb.Tests.Messages;

/// <summary>The unbox cache survives a restart and never returns a wrong result.</summary>
public sealed class UnboxCacheTests : IDisposable
{
    private static readonly FeedKeys Me = FeedKeys.Generate(), Other = FeedKeys.Generate();

    private readonly string _folder = Directory.CreateTempSubdirectory("flume-boxes-").FullName;

    private string FilePath => Directory.GetFiles(_folder).Single();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Boxes_are_remembered_over_a_restart()
    {
        (byte[] mine, byte[] theirs) = (Box(Me), Box(Other));
        var key = new byte[33];
        using (UnboxCache memory = UnboxCache.Open(_folder, Me))
        {
            var opener = new Unboxer(Me, memory);
            Assert.Equal(2, opener.Open(new Offset(0), mine, key, new byte[mine.Length]));
            Assert.Equal(-1, opener.Open(new Offset(100), theirs, new byte[33], new byte[mine.Length]));
        }

        using UnboxCache again = UnboxCache.Open(_folder, Me);
        var found = new byte[33];
        Assert.Equal(2, again.Count);
        Assert.Equal(UnboxOutcome.Opened, again.Find(new Offset(0), mine, found));
        Assert.Equal(key, found);
        Assert.Equal(UnboxOutcome.Nothing, again.Find(new Offset(100), theirs, found));
        Assert.Equal(UnboxOutcome.Untried, again.Find(new Offset(7), mine, found));
    }

    [Fact]
    public void A_box_is_known_to_be_for_others_by_its_first_bytes_alone()
    {
        using UnboxCache memory = UnboxCache.Open(_folder, Me);
        var opener = new Unboxer(Me, memory);
        byte[] theirs = Box(Other), mine = Box(Me);
        string text = PrivateBox.ToText(theirs);
        Assert.False(Knows(0, text));
        opener.Open(new Offset(0), theirs, new byte[33], new byte[theirs.Length]);
        opener.Open(new Offset(100), mine, new byte[33], new byte[mine.Length]);

        Assert.True(Knows(0, text));
        Assert.True(Knows(0, "@" + text));
        Assert.False(Knows(0, text.Insert(3, "!"))); // base64 that needs the tolerant decoder, as Buffer.from
        Assert.False(Knows(0, PrivateBox.ToText(mine)));
        Assert.False(Knows(0, ".box"));
        Assert.False(Knows(1, text));
        Assert.False(Knows(100, PrivateBox.ToText(mine)));

        bool Knows(long offset, string content) =>
            opener.IsNotForUs(new Offset(offset), System.Text.Encoding.UTF8.GetBytes(content));
    }

    [Fact]
    public void Another_box_at_a_known_offset_is_untried()
    {
        using UnboxCache memory = UnboxCache.Open(_folder, Me);
        memory.Remember(new Offset(5), Box(Other), default);
        byte[] mine = Box(Me);
        Assert.Equal(UnboxOutcome.Untried, memory.Find(new Offset(5), mine, new byte[33]));
        Assert.Equal(2, new Unboxer(Me, memory).Open(new Offset(5), mine, new byte[33], new byte[mine.Length]));
        Assert.Equal(UnboxOutcome.Opened, memory.Find(new Offset(5), mine, new byte[33]));
    }

    [Fact]
    public void A_wrong_key_is_found_out_and_tried_again()
    {
        using UnboxCache memory = UnboxCache.Open(_folder, Me);
        byte[] mine = Box(Me);
        memory.Remember(new Offset(5), mine, new byte[33]);
        byte[] found = new byte[33], remembered = new byte[33];
        Assert.Equal(2, new Unboxer(Me, memory).Open(new Offset(5), mine, found, new byte[mine.Length]));
        Assert.Equal(UnboxOutcome.Opened, memory.Find(new Offset(5), mine, remembered));
        Assert.Equal(found, remembered);
    }

    [Fact]
    public void Whatever_the_end_is_cut_to_the_batches_before_it_load()
    {
        using (UnboxCache memory = UnboxCache.Open(_folder, Me))
        {
            for (int i = 0; i < 3; i++)
            {
                memory.Remember(new Offset(i), Box(Other), i == 1 ? new byte[33] : default);
                memory.Flush();
            }
        }

        byte[] whole = File.ReadAllBytes(FilePath);
        string path = FilePath;
        int before = 3;
        for (int length = whole.Length; length >= 0; length--)
        {
            File.WriteAllBytes(path, whole[..length]);
            int count = Reopen(out int kept);
            Assert.True(count <= before && kept >= 48, $"cut to {length}: {count} entries in {kept} bytes");
            before = count;
        }

        Assert.Equal(0, before);
    }

    [Fact]
    public void A_flipped_bit_drops_its_batch_and_what_follows()
    {
        using (UnboxCache memory = UnboxCache.Open(_folder, Me))
        {
            for (int i = 0; i < 3; i++)
            {
                memory.Remember(new Offset(i), Box(Other), default);
                memory.Flush();
            }
        }

        byte[] damaged = File.ReadAllBytes(FilePath);
        damaged[48 + 24 + 10] ^= 1;
        File.WriteAllBytes(FilePath, damaged);
        Assert.Equal(1, Reopen(out _));
    }

    [Fact]
    public void Another_identitys_file_is_started_over()
    {
        using (UnboxCache memory = UnboxCache.Open(_folder, Me)) memory.Remember(new Offset(1), Box(Other), default);
        byte[] bytes = File.ReadAllBytes(FilePath);
        bytes[40] ^= 1;
        File.WriteAllBytes(FilePath, bytes);
        Assert.Equal(0, Reopen(out int kept));
        Assert.Equal(48, kept);
    }

    [Fact]
    public void Many_threads_remember_and_find_at_once()
    {
        using UnboxCache memory = UnboxCache.Open(_folder, Me);
        byte[] box = Box(Other);
        Parallel.For(0, 20_000, i =>
        {
            memory.Remember(new Offset(i), box, i % 10 == 0 ? new byte[33] : default);
            UnboxOutcome outcome = memory.Find(new Offset(i), box, stackalloc byte[33]);
            Assert.Equal(i % 10 == 0 ? UnboxOutcome.Opened : UnboxOutcome.Nothing, outcome);
        });
        memory.Dispose();
        Assert.Equal(20_000, Reopen(out _));
    }

    private int Reopen(out int bytes)
    {
        using UnboxCache memory = UnboxCache.Open(_folder, Me);
        bytes = (int)new FileInfo(FilePath).Length;
        return memory.Count;
    }

    private static byte[] Box(FeedKeys reader) => PrivateBox.Seal("{}"u8, [reader.PublicKey.ToArray()]);
}
