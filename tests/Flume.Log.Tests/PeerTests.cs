using System.Diagnostics;
using System.Globalization;
using Flume.TestKit;
using Xunit;

namespace Flume.Log.Tests;

/// <summary>Flume and npm flumelog-offset use the same file alternately.</summary>
public sealed class PeerTests : IDisposable
{
    private const string Module = "flumelog-offset";
    private readonly TempLog _temp = new();

    public void Dispose() => _temp.Dispose();

    [ModuleFact(Module)]
    public void Both_append_to_one_file_in_turn_and_read_the_same_32_bits() => AppendInTurn(OffsetWidth.Bits32);

    [ModuleFact(Module)]
    public void Both_append_to_one_file_in_turn_and_read_the_same_48_bits() => AppendInTurn(OffsetWidth.Bits48);

    [ModuleFact(Module)]
    public void Both_append_to_one_file_in_turn_and_read_the_same_53_bits() => AppendInTurn(OffsetWidth.Bits53);

    [ModuleFact(Module)]
    public void What_JavaScript_deleted_is_deleted_here_and_the_other_way_round()
    {
        IReadOnlyList<Offset> offsets = _temp.Write(OffsetWidth.Bits32, [.. Payloads(new Random(1), 5)]);
        JavaScript("del", OffsetWidth.Bits32, argument: offsets[1].ToString());

        using (OffsetLog log = _temp.Open())
        {
            Assert.Throws<LogDeletedException>(() => log.Get(offsets[1]));
            log.Delete(offsets[3], Durability.Fsync);
            Assert.Equal(Lines(log), JavaScript("read", OffsetWidth.Bits32));
        }

        string get = JavaScript("get", OffsetWidth.Bits32, argument: offsets[3].ToString());
        Assert.Equal("error flumelog:deleted\n", get);
    }

    [ModuleFact(Module)]
    public void A_torn_end_is_cut_where_JavaScript_cuts_it()
    {
        _temp.Write(OffsetWidth.Bits48, [.. Payloads(new Random(2), 4)]);
        byte[] whole = _temp.Bytes();
        foreach (int lost in new[] { 1, 5, 13, 20 })
        {
            string copy = _temp.Path + lost.ToString(CultureInfo.InvariantCulture);
            File.WriteAllBytes(_temp.Path, whole[..^lost]);
            File.WriteAllBytes(copy, whole[..^lost]);
            using OffsetLog log = _temp.Open();
            Assert.Equal(Lines(log), JavaScript("read", OffsetWidth.Bits48, file: copy));
            Assert.Equal(File.ReadAllBytes(copy), _temp.Bytes());
        }
    }

    [ModuleFact(Module)]
    public void Ranges_without_traps_read_as_in_JavaScript()
    {
        _temp.Write(OffsetWidth.Bits32, [.. Payloads(new Random(3), 8)]);
        using OffsetLog log = _temp.Open();
        long[] offsets = log.Offsets();
        (string Options, LogRange Range)[] cases =
        [
            ($"{{\"gt\":{offsets[2]}}}", new LogRange { Gt = new Offset(offsets[2]) }),
            ($"{{\"gte\":{offsets[2]},\"lt\":{offsets[6]}}}",
                new LogRange { Gte = new Offset(offsets[2]), Lt = new Offset(offsets[6]) }),
            ($"{{\"gt\":{offsets[1]},\"gte\":{offsets[3]}}}",
                new LogRange { Gt = new Offset(offsets[1]), Gte = new Offset(offsets[3]) }),
            ($"{{\"lte\":{offsets[5]},\"reverse\":true}}",
                new LogRange { Lte = new Offset(offsets[5]), Reverse = true }),
            ($"{{\"gt\":{offsets[1]},\"lt\":{offsets[4]},\"reverse\":true}}",
                new LogRange { Gt = new Offset(offsets[1]), Lt = new Offset(offsets[4]), Reverse = true }),
            ("{\"limit\":3}", new LogRange { Limit = 3 }),
            ("{\"limit\":0}", new LogRange { Limit = 0 }),
            ("{\"gt\":-1,\"limit\":-1}", new LogRange { Gt = Offset.None, Limit = -1 }),
            ("{\"reverse\":true,\"limit\":2}", new LogRange { Reverse = true, Limit = 2 }),
        ];

        foreach ((string options, LogRange range) in cases)
            Assert.Equal(JavaScript("read", OffsetWidth.Bits32, argument: options), Lines(log, range));
    }

    [ModuleFact("leveldown")]
    public void A_directory_that_a_JavaScript_server_has_open_is_refused_with_its_pid()
    {
        string view = Path.Combine(_temp.Directory, "links");
        const string script = """
            const db = require('leveldown')(process.argv[1])
            db.open({}, error => console.log(error || 'open'))
            process.stdin.on('end', () => db.close(() => {})).resume()
            """;
        using Process server = Peer.Start("-e", [script, view], Peer.ModulesWith("leveldown"));
        try
        {
            Assert.Equal("open", server.StandardOutput.ReadLine());

            var refused = Assert.Throws<LogLockedException>(() => _temp.Open());

            Assert.Equal(server.Id, refused.Pid);
            Assert.Contains(Path.Combine(view, "LOCK"), refused.Message);
        }
        finally
        {
            server.StandardInput.Close();
            server.WaitForExit();
        }

        _temp.Open().Dispose();
    }

    private void AppendInTurn(OffsetWidth width)
    {
        var random = new Random(width.Bits());
        JavaScript("append", width, input: Base64(Payloads(random, 20)));
        for (int turn = 0; turn < 2; turn++)
        {
            using (OffsetLog log = _temp.Open())
            {
                Assert.Equal(width, log.Width);
                log.AppendAll([.. Payloads(random, 20)]);
                Assert.Equal(Lines(log), JavaScript("read", width));
            }

            string since = JavaScript("append", width, input: Base64(Payloads(random, 20)));
            using OffsetLog after = _temp.Open();
            Assert.Equal(since, after.Head + "\n");
        }

        Assert.True(LogVerifier.Verify(_temp.Path) is { Sound: true, Records: 100, TornBytes: 0 });
    }

    private string JavaScript(
        string command, OffsetWidth width, string? argument = null, string input = "", string? file = null) => Peer.Run(
        TempLog.RepositoryPath("tests", "peers", "flumelog-offset", "log.js"),
        [command, file ?? _temp.Path, width.Bits().ToString(CultureInfo.InvariantCulture), argument ?? ""],
        input);

    private static string Lines(OffsetLog log, LogRange? range = null) =>
        string.Concat(log.All(range).Select(entry => $"{entry.Offset} {Convert.ToBase64String(entry.Payload)}\n"));

    private static string Base64(IEnumerable<byte[]> payloads) =>
        string.Join('\n', payloads.Select(Convert.ToBase64String));

    private static IEnumerable<byte[]> Payloads(Random random, int count)
    {
        for (int i = 0; i < count; i++)
        {
            byte[] payload = new byte[random.Next(1, i % 7 == 0 ? 40_000 : 300)];
            random.NextBytes(payload);
            payload[0] |= 1;
            yield return payload;
        }
    }
}
