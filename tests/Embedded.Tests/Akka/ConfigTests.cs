using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace Embedded.Tests.Actors;

public sealed class ConfigTests
{
    [Fact]
    public void Values_are_read_as_what_is_asked_for()
    {
        Config config = """
            text = some words here
            quoted = "with # and = inside"
            int = 42, long = 9000000000
            double = 2.5
            on = on, off = off, true = true, false = false
            list = [a, "b c", 3]
            ints = [1, 2, 3]
            """;
        Assert.Equal("some words here", config.GetString("text"));
        Assert.Equal("with # and = inside", config.GetString("quoted"));
        Assert.Equal((42, 9_000_000_000L, 2.5),
            (config.GetInt("int"), config.GetLong("long"), config.GetDouble("double")));
        Assert.Equal((true, false, true, false),
            (config.GetBoolean("on"), config.GetBoolean("off"), config.GetBoolean("true"), config.GetBoolean("false")));
        Assert.Equal(["a", "b c", "3"], config.GetStringList("list"));
        Assert.Equal([1, 2, 3], config.GetIntList("ints"));
    }

    [Fact]
    public void What_is_missing_has_a_default()
    {
        Config config = "a = 1";
        Assert.Equal((7, 0, "x", true),
            (config.GetInt("b", 7), config.GetInt("b"), config.GetString("b", "x"), config.GetBoolean("b", true)));
        Assert.Null(config.GetString("b"));
        Assert.Null(config.GetConfig("b"));
        Assert.Null(config.GetByteSize("b"));
        Assert.Null(config.GetValue("b"));
        Assert.Empty(config.GetStringList("b"));
        Assert.Equal(TimeSpan.FromSeconds(3), config.GetTimeSpan("b", TimeSpan.FromSeconds(3)));
        Assert.Equal(TimeSpan.Zero, config.GetTimeSpan("b"));
        Assert.False(config.HasPath("b"));
        Assert.False(config.HasPath("a.b"));
    }

    [Theory]
    [InlineData("250", 250)]
    [InlineData("250ms", 250)]
    [InlineData("250 milliseconds", 250)]
    [InlineData("1.5s", 1500)]
    [InlineData("2 minutes", 120_000)]
    [InlineData("1 h", 3_600_000)]
    [InlineData("1d", 86_400_000)]
    [InlineData("\"5 s\"", 5_000)]
    [InlineData("3000 micros", 3)]
    public void A_duration_has_a_unit(string text, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds),
            ConfigurationFactory.ParseString("t = " + text).GetTimeSpan("t"));

    [Fact]
    public void A_duration_can_be_infinite() =>
        Assert.Equal(Timeout.InfiniteTimeSpan, ConfigurationFactory.ParseString("t = infinite").GetTimeSpan("t"));

    [Theory]
    [InlineData("5", 5L)]
    [InlineData("5b", 5L)]
    [InlineData("5kB", 5_000L)]
    [InlineData("5 KiB", 5_120L)]
    [InlineData("5K", 5_120L)]
    [InlineData("128 MiB", 134_217_728L)]
    [InlineData("1MB", 1_000_000L)]
    [InlineData("2g", 2_147_483_648L)]
    public void A_size_has_a_unit(string text, long bytes) =>
        Assert.Equal(bytes, ConfigurationFactory.ParseString("s = " + text).GetByteSize("s"));

    [Theory]
    [InlineData("t = 5 parsecs")]
    [InlineData("t = words")]
    public void A_value_of_another_kind_is_an_error(string hocon)
    {
        Config config = hocon;
        Assert.ThrowsAny<FormatException>(() => config.GetTimeSpan("t"));
        Assert.ThrowsAny<FormatException>(() => config.GetByteSize("t"));
        Assert.ThrowsAny<FormatException>(() => config.GetInt("t"));
        Assert.ThrowsAny<NotSupportedException>(() => config.GetBoolean("t"));
    }

    [Fact]
    public void Keys_are_paths_and_objects_nest()
    {
        Config config = """
            a.b.c = 1
            a { b { d = 2 }
              e : 3 }
            a.b.f = 4
            "quoted.key" = 5
            g."h.i".j = 6
            """;
        Assert.Equal((1, 2, 3, 4),
            (config.GetInt("a.b.c"), config.GetInt("a.b.d"), config.GetInt("a.e"), config.GetInt("a.b.f")));
        Assert.Equal((5, 6), (config.GetInt("\"quoted.key\""), config.GetInt("g.\"h.i\".j")));
        Assert.Equal(2, config.GetConfig("a.b").GetInt("d"));
        Assert.Equal(["a", "g", "quoted.key"], config.AsEnumerable().Select(e => e.Key).Order());
        Assert.True(config.GetValue("a").IsObject());
        Assert.Equal(["b", "e"], config.GetValue("a").GetObject().Items.Keys.Order());
    }

    [Fact]
    public void A_later_value_replaces_an_earlier_one()
    {
        Config config = """
            a = 1
            a = 2
            b { x = 1, y = 1 }
            b { y = 2 }
            c { x = 1 }
            c = 3
            d = [1, 2]
            d = [3]
            """;
        Assert.Equal((2, 1, 2, 3),
            (config.GetInt("a"), config.GetInt("b.x"), config.GetInt("b.y"), config.GetInt("c")));
        Assert.Equal(["3"], config.GetStringList("d"));
    }

    [Fact]
    public void Comments_are_no_values()
    {
        Config config = """
            # whole line
            // whole line
            a = 1 # after a value
            b = 2 // after a value
            c = "// # no comment"
            d = [ # inside
              1, // inside
              2
            ]
            """;
        Assert.Equal((1, 2), (config.GetInt("a"), config.GetInt("b")));
        Assert.Equal("// # no comment", config.GetString("c"));
        Assert.Equal([1, 2], config.GetIntList("d"));
    }

    [Fact]
    public void Strings_can_be_escaped_and_span_lines()
    {
        Config config = "a = \"tab\\t quote\\\" slash\\\\ newline\\n \\u0041\"\nb = \"\"\"line 1\nline \"2\" \\n\"\"\"";
        Assert.Equal("tab\t quote\" slash\\ newline\n A", config.GetString("a"));
        Assert.Equal("line 1\nline \"2\" \\n", config.GetString("b"));
    }

    [Fact]
    public void A_substitution_stands_for_another_value()
    {
        Config config = """
            dir = /data
            log = ${dir}"/log"
            deep { name = x }
            copy = ${deep}
            name = ${deep.name}
            later = ${defined-later}
            defined-later = 7
            list = [${dir}, b]
            words = one ${dir} two
            """;
        Assert.Equal("/data/log", config.GetString("log"));
        Assert.Equal(("x", "x"), (config.GetString("copy.name"), config.GetString("name")));
        Assert.Equal(7, config.GetInt("later"));
        Assert.Equal(["/data", "b"], config.GetStringList("list"));
        Assert.Equal("one /data two", config.GetString("words"));
    }

    [Fact]
    public void A_substitution_for_nothing_is_an_error() =>
        Assert.ThrowsAny<FormatException>(() => ConfigurationFactory.ParseString("a = ${nowhere}"));

    [Fact]
    public void The_word_null_is_no_value()
    {
        Config config = "a = null, b = \"null and more\"";
        Assert.Null(config.GetString("a"));
        Assert.True(config.HasPath("a"));
        Assert.Equal("null and more", config.GetString("b"));
    }

    [Fact]
    public void A_text_can_include_others_and_win_or_lose_by_its_place()
    {
        var texts = new Dictionary<string, string>
        {
            ["base"] = "a = base, b = base, nested { x = base }",
            ["over"] = "c = over",
        };
        HoconRoot Load(string name) => Parser.Parse(texts[name], Load);
        var config = ConfigurationFactory.ParseString("""
            c = mine
            include "base"
            include "over"
            b = mine
            inner { include "over" }
            """, Load);
        Assert.Equal(("base", "mine", "over", "base", "over"), (config.GetString("a"), config.GetString("b"),
            config.GetString("c"), config.GetString("nested.x"), config.GetString("inner.c")));
    }

    [Fact]
    public void A_fallback_says_what_the_configuration_does_not()
    {
        Config over = "c = 1, a { x = 1 }";
        Config under = "b = 2, a { x = 2, y = 2 } c { z = 2 }";
        var config = over.WithFallback(under);
        Assert.Equal((1, 2, 2, 1),
            (config.GetInt("a.x"), config.GetInt("a.y"), config.GetInt("b"), config.GetInt("c")));
        Assert.False(config.HasPath("c.z"));
        Assert.Equal(2, under.GetInt("a.x"));
        Assert.False(over.HasPath("b"));
        Assert.Equal(2, config.GetConfig("a").GetInt("y"));
        Assert.Equal(3, config.WithFallback("d = 3").GetInt("d"));
        Assert.Same(over, over.WithFallback(null));
        Assert.Throws<ArgumentException>(() => over.WithFallback(over));
    }

    [Fact]
    public void An_empty_configuration_is_empty()
    {
        Assert.True(ConfigurationFactory.Empty.IsEmpty);
        Assert.True(ConfigurationFactory.ParseString("# nothing").IsEmpty);
        Assert.False(ConfigurationFactory.ParseString("a = 1").IsEmpty);
        Assert.True(((Config)null!).IsNullOrEmpty());
        Assert.Equal(1, ConfigurationFactory.Empty.WithFallback("a = 1").GetInt("a"));
        Assert.Equal(1, ((Config)null!).SafeWithFallback("a = 1").GetInt("a"));
    }

    [Theory]
    [InlineData("a = 1 @ b")]
    [InlineData("@ = 2")]
    [InlineData("a = \"\\q\"")]
    public void A_text_that_is_no_HOCON_is_refused(string hocon) =>
        Assert.ThrowsAny<FormatException>(() => ConfigurationFactory.ParseString(hocon));

    [Fact]
    public void A_bare_value_holds_no_colon()
    {
        Assert.Throws<ConfigurationException>(() => ConfigurationFactory.ParseString("a = http://host"));
        Assert.Equal("http://host", ConfigurationFactory.ParseString("a = \"http://host\"").GetString("a"));
    }

    [Fact]
    public void An_element_that_is_asked_for_what_it_is_not_says_so()
    {
        Assert.ThrowsAny<NotImplementedException>(() => new HoconLiteral { Value = "a" }.GetArray());
        Assert.ThrowsAny<NotImplementedException>(() => new HoconArray().GetString());
        Assert.ThrowsAny<NotImplementedException>(() => new HoconObject().GetString());
        Assert.ThrowsAny<NotImplementedException>(() => new HoconObject().GetArray());
    }

    [Fact]
    public void The_outermost_braces_may_be_written() =>
        Assert.Equal(1, ConfigurationFactory.ParseString("{ a { b = 1 } }").GetInt("a.b"));

    [Fact]
    public void Defaults_of_the_actor_system_are_known()
    {
        var config = ConfigurationFactory.Default();
        Assert.Equal(30, config.GetInt("akka.actor.default-dispatcher.throughput"));
        Assert.Equal(TimeSpan.FromSeconds(5), config.GetTimeSpan("akka.coordinated-shutdown.default-phase-timeout"));
        Assert.Equal(["service-unbind"],
            config.GetStringList("akka.coordinated-shutdown.phases.service-requests-done.depends-on"));
    }
}
