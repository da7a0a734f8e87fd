using Flume.Host.Serving;
using Flume.Log;
using Flume.Muxrpc.Transports;
using Flume.Query.Json;
using Flume.Replication.Addresses;
using Flume.Ssb.Messages;

namespace Flume.Replication.Tests;

/// <summary>The addresses that an identity knows, and the files of JavaScript programs.</summary>
public sealed class AddressBookTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flume-book-").FullName;
    private readonly FeedKeys _keys = FeedKeys.Generate();

    private string Key => Convert.ToBase64String(_keys.PublicKey.Span);

    [Fact]
    public void Addresses_outlive_a_restart_without_their_seeds()
    {
        AddressBook book = new(_folder, TimeProvider.System);
        string seed = Convert.ToBase64String(new byte[32]);
        MultiserverAddress address = MultiserverAddress.ParseAll($"net:pub.example:8008~shs:{Key}:{seed}")[0];
        book.Remember(address, PeerSource.Seed, autoConnect: true);
        book.Failed(address, "refused", TimeSpan.FromSeconds(10));
        book.Save();
        Assert.DoesNotContain(seed, File.ReadAllText(Path.Combine(_folder, "conn.json")));
        AddressBook again = new(_folder, TimeProvider.System);
        again.Load();
        PeerEntry entry = Assert.Single(again.All());
        Assert.Equal((PeerSource.Seed, true, 1), (entry.Source, entry.AutoConnect, entry.Failure));
        Assert.Equal(_keys.Id, entry.Key);
    }

    [Fact]
    public void The_file_of_ssb_gossip_is_read_when_ssb_conn_has_none()
    {
        File.WriteAllText(Path.Combine(_folder, "gossip.json"), $$"""
            [{"host":"pub.example","port":8008,"key":"{{_keys.Id}}","source":"pub"},
             {"address":"net:[::1]:8009~shs:{{Key}}","key":"{{_keys.Id}}","source":"manual"},
             {"host":"junk"}, 7, "x"]
            """);
        AddressBook book = new(_folder, TimeProvider.System);
        book.Load();
        Assert.Equal(
            [$"net:pub.example:8008~shs:{Key} Pub False", $"net:[::1]:8009~shs:{Key} Manual True"],
            book.All().Select(static entry => $"{entry.Address} {entry.Source} {entry.AutoConnect}"));
    }

    [Fact]
    public void An_import_takes_the_addresses_beside_the_key_pair()
    {
        string classic = Path.Combine(_folder, "classic"), data = Path.Combine(_folder, "data");
        Directory.CreateDirectory(classic);
        SecretFile.TryCreate(Path.Combine(classic, "secret"), _keys);
        using (OffsetLog log = OffsetLog.Open(Path.Combine(classic, "log.offset")))
            log.Append("{}"u8.ToArray(), Durability.Os);
        string addresses = $$"""{"net:pub.example:8008~shs:{{Key}}":{"key":"{{_keys.Id}}"} }""";
        File.WriteAllText(Path.Combine(classic, "conn.json"), addresses);
        ImportRequest request = new(Path.Combine(classic, "log.offset"), "me", Path.Combine(classic, "secret"));
        LogImporter.Copy(new DataDirectory(data), request, null, default);
        AddressBook book = new(Path.Combine(data, "identities", "me"), TimeProvider.System);
        book.Load();
        Assert.Equal(PeerSource.Stored, Assert.Single(book.All()).Source);
    }

    [Fact]
    public void A_file_that_is_no_JSON_counts_as_empty()
    {
        File.WriteAllText(Path.Combine(_folder, "conn.json"), "{");
        AddressBook book = new(_folder, TimeProvider.System);
        book.Load();
        Assert.Empty(book.All());
    }

    [Fact]
    public void A_weak_source_adds_four_addresses_of_a_key_at_most_and_replaces_no_stronger_one()
    {
        AddressBook book = new(_folder, TimeProvider.System);
        for (int port = 1; port <= 10; port++) book.Remember(At(port), PeerSource.Pub, autoConnect: true);
        Assert.Equal(4, book.All().Count);
        book.Remember(At(1), PeerSource.Manual, autoConnect: false);
        Assert.Equal(PeerSource.Manual, book.Remember(At(1), PeerSource.Pub, autoConnect: false)!.Source);
        Assert.NotNull(book.Remember(At(20), PeerSource.Seed, autoConnect: true));
    }

    [Fact]
    public void A_failure_doubles_the_wait_up_to_three_hours()
    {
        TimeSpan first = AddressBook.Wait(0, TimeSpan.FromSeconds(10));
        TimeSpan fourth = AddressBook.Wait(3, TimeSpan.FromSeconds(10));
        Assert.InRange(first.TotalSeconds, 8, 12);
        Assert.InRange(fourth.TotalSeconds, 64, 96);
        Assert.Equal(TimeSpan.FromHours(3), AddressBook.Wait(20, TimeSpan.FromSeconds(10)));
    }

    [Theory]
    [InlineData("\"pub.example:8010:@KEY.ed25519\"", "net:pub.example:8010~shs:KEY")]
    [InlineData("\"pub.example:@KEY.ed25519\"", "net:pub.example:8008~shs:KEY")]
    [InlineData("\"ws://x~shs:KEY;net:a:1~shs:KEY\"", "net:a:1~shs:KEY")]
    [InlineData("{\"host\":\"a\",\"port\":2,\"key\":\"@KEY.ed25519\"}", "net:a:2~shs:KEY")]
    [InlineData("{\"address\":\"net:a:3~shs:KEY\"}", "net:a:3~shs:KEY")]
    [InlineData("\"a:70000:@KEY.ed25519\"", null)]
    [InlineData("\"junk\"", null)]
    [InlineData("7", null)]
    [InlineData("{}", null)]
    public void Every_form_of_an_address_is_read(string given, string? expected) => Assert.Equal(
        expected?.Replace("KEY", Key), AddressInput.Parse(JsValue.Parse(given.Replace("KEY", Key)))?.ToString());

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private MultiserverAddress At(int port) => MultiserverAddress.ParseAll($"net:pub.example:{port}~shs:{Key}")[0];
}
