using System.Reflection;

namespace Flume.Host.Tests.Rules;

/// <summary>The assemblies of ARCHITECTURE.md, "Map": which one may reference which.</summary>
public sealed class RoomTests
{
    private static readonly string[] Rooms =
        ["Flume.Log", "Flume.Query", "Flume.Views", "Flume.Ssb", "Flume.Actors", "Flume.Sql", "Flume.Tools"];

    private static readonly string[] RoomsWithAkka = ["Flume.Actors", "Flume.Tools"];

    [Fact]
    public void Every_room_uses_only_the_rooms_before_it()
    {
        for (int i = 0; i < Rooms.Length; i++)
            Assert.Empty(References(Rooms[i]).Where(name => name.StartsWith("Flume.", StringComparison.Ordinal)).Except(Rooms[..i]));
    }

    [Fact]
    public void Only_the_actors_room_and_what_builds_on_it_use_Akka()
    {
        foreach (string room in Rooms.Except(RoomsWithAkka))
            Assert.DoesNotContain(References(room), name => name.StartsWith("Akka", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Flume.Log")]
    [InlineData("Flume.Query")]
    public void The_log_and_the_query_language_use_neither_RocksDB_nor_libsodium_nor_Akka(string room) =>
        Assert.DoesNotContain(References(room), name =>
            !name.StartsWith("System", StringComparison.Ordinal) && !name.StartsWith("Flume.", StringComparison.Ordinal)
            && name != "Microsoft.Win32.Primitives");

    private static IEnumerable<string> References(string room) =>
        Assembly.Load(room).GetReferencedAssemblies().Select(reference => reference.Name!);
}
