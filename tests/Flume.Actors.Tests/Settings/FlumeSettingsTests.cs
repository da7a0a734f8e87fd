using Flume.Log;
using Xunit;

namespace Flume.Actors.Tests.Settings;

public sealed class FlumeSettingsTests
{
    [Fact]
    public void The_built_in_values_are_complete_and_in_range()
    {
        FlumeSettings settings = FlumeSettings.Load();
        Assert.Equal(OffsetWidth.Bits32, settings.Log.NewWidth);
        Assert.Null(settings.Identities.IdleOut);
        Assert.Equal(Environment.ProcessorCount, settings.Rebuild.Threads);
        Assert.Equal("flume.journal", settings.Akka.GetString("akka.persistence.journal.plugin"));
    }

    [Fact]
    public void What_a_user_sets_arrives_and_the_rest_stays()
    {
        FlumeSettings settings = FlumeSettings.Parse(
            "flume { append.group-delay-ms = 7, log.offset-bits = 53, store.block-cache-bytes = 2GiB, views.names = [a, b] }", "my.conf");
        Assert.Equal(TimeSpan.FromMilliseconds(7), settings.Append.GroupDelay);
        Assert.Equal(OffsetWidth.Bits53, settings.Log.NewWidth);
        Assert.Equal(2L << 30, settings.Store.BlockCacheBytes);
        Assert.Equal(["a", "b"], settings.Views.Names);
        Assert.Equal(5, settings.Views.FaultTries);
    }

    [Theory]
    [InlineData("# a\n# b\nflume.http.streams-max 9\n# d\n", "line 3: a key has no value")]
    [InlineData("flume.http.streams-max = 9 } \n", "line 1: a '}' closes nothing")]
    [InlineData("flume {\r\n  log { offset-bits = 32 ]\r\n}", "line 2: a ']' closes the '{' of line 2")]
    [InlineData("flume {\n\n  log { offset-bits = 32 }\n", "the '{' of line 1 is not closed")]
    [InlineData("flume.directory = \"data\n", "line 1: a text in quotes does not end")]
    [InlineData("a = [1, 2\n", "the '[' of line 1 is not closed")]
    public void A_text_that_is_no_HOCON_is_refused_with_the_line_of_the_file(string text, string fault)
    {
        Assert.Contains(fault, Assert.Throws<SettingsException>(() => FlumeSettings.Parse(text, "my.conf")).Message);
    }

    [Theory]
    [InlineData("{ flume.append.group-delay-ms = 9 }")]
    [InlineData("{ \"flume\": { \"append\": { \"group-delay-ms\": 9 } } }")]
    [InlineData("flume {\r  // a comment: with = and {\r  append {\r group-delay-ms = 9 # }\r }\r}\r")]
    [InlineData("ms = 9\nflume.append { group-delay-ms = ${ms} }\nother = [ a, { b = 1 },\n c ]\nlong = \"\"\"{ not = closed\n\"\"\"")]
    [InlineData("flume.append.group-delay-ms =\n  9\nplus += 1")]
    public void Every_form_of_HOCON_is_read(string text)
    {
        Assert.Equal(TimeSpan.FromMilliseconds(9), FlumeSettings.Parse(text, "my.conf").Append.GroupDelay);
    }

    [Theory]
    [InlineData("flume.append.waiting-max = many", "my.conf: flume.append.waiting-max is 'many'; expected a whole number from 1 to 10000000.")]
    [InlineData("flume.append.waiting-max = 0", "my.conf: flume.append.waiting-max is '0'; expected a whole number from 1 to 10000000.")]
    [InlineData("flume.log.record-bytes-max = 1TiB", "my.conf: flume.log.record-bytes-max is '1TiB'; expected a size from 1 to 512MiB, such as 16MiB.")]
    [InlineData("flume.log.crc-block-bytes = 5000", "my.conf: flume.log.crc-block-bytes is '5000'; expected a power of two from 4KiB to 1MiB.")]
    [InlineData("flume.log.offset-bits = 64", "my.conf: flume.log.offset-bits is '64'; expected one of 32, 48, 53.")]
    [InlineData("flume.rebuild.share = 0", "my.conf: flume.rebuild.share is '0'; expected a number above 0 and at most 1.")]
    [InlineData("flume.identities.follow-locked-logs = maybe", "my.conf: flume.identities.follow-locked-logs is 'maybe'; expected on or off.")]
    [InlineData("flume.append.waitng-max = 5", "my.conf: flume.append.waitng-max is no key of Flume. Did you mean flume.append.waiting-max? flume.conf lists all keys.")]
    [InlineData("flume.direktory = x", "my.conf: flume.direktory is no key of Flume. Did you mean flume.directory? flume.conf lists all keys.")]
    [InlineData("flume.views { restart-ms-min = 500, restart-ms-max = 100 }", "my.conf: flume.views.restart-ms-max is '100'; expected a whole number from 500 to 3600000.")]
    public void A_wrong_value_is_refused_with_the_file_the_key_and_what_was_expected(string hocon, string message) =>
        Assert.Equal(message, Assert.Throws<SettingsException>(() => FlumeSettings.Parse(hocon, "my.conf")).Message);

    [Fact]
    public void A_text_that_is_no_HOCON_is_refused() =>
        Assert.Contains("is not HOCON", Assert.Throws<SettingsException>(() => FlumeSettings.Parse("a = ${no.such.key}", "my.conf")).Message);

    [Fact]
    public void A_file_that_is_not_there_is_named() =>
        Assert.Contains("/no/such.conf", Assert.Throws<SettingsException>(() => FlumeSettings.Load("/no/such.conf")).Message);

    [Theory]
    [InlineData("4096", 4096)]
    [InlineData("64KiB", 65536)]
    [InlineData("16 mib", 16777216)]
    [InlineData("3GiB", 3221225472)]
    public void Sizes_are_read_as_people_write_them(string text, long bytes)
    {
        Assert.True(ByteCount.TryParse(text, out long read));
        Assert.Equal(bytes, read);
        Assert.True(ByteCount.TryParse(ByteCount.Text(bytes), out long again));
        Assert.Equal(bytes, again);
    }

    [Theory]
    [InlineData("16MB")]
    [InlineData("-1")]
    [InlineData("1.5MiB")]
    [InlineData("9999999999999GiB")]
    public void What_is_no_size_is_refused(string text) => Assert.False(ByteCount.TryParse(text, out _));
}
