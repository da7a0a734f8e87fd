using System.Text;
using Flume.Query.Json;
using Flume.Tools.Generate;
using Flume.Tools.Generate.Signing;
using Xunit;

namespace Flume.Tools.Tests.Generate;

public sealed class SigningTests
{
    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"a\":[],\"b\":{},\"c\":[{}],\"d\":[[1,2],\"x,:{}[]\"]}")]
    [InlineData("{\"quote\":\"\\\"\",\"slash\":\"\\\\\",\"\\\\\\\"\":-1e-7,\"z\":null,\"t\":[true,false]}")]
    public void Canonical_text_is_what_the_codec_writes(string compact)
    {
        var buffer = new JsonBuffer();
        CanonicalText.Write(Encoding.UTF8.GetBytes(compact), buffer);

        string canonical = JsWriter.ToJson(JsValue.ParseWhole(Encoding.UTF8.GetBytes(compact)), 2);
        Assert.Equal(canonical, Encoding.UTF8.GetString(buffer.Written));
    }

    [Theory]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("é ß \u07ff \u0800 日本 \uffff 😀 👩‍💻 \U0010ffff!")]
    [InlineData("😀")]
    public void Low_bytes_are_those_of_the_UTF16_units(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        byte[] low = new byte[utf8.Length];
        int count = Utf16LowBytes.Of(utf8, low);

        Assert.Equal(text.Select(unit => (byte)unit), low[..count]);
    }

    [Fact]
    public void The_buffer_puts_commas_where_JSON_needs_them()
    {
        var json = new JsonBuffer();
        json.Object().Key("a"u8).Array().Number(-1).Value("null"u8).Object().EndObject().Array().EndArray().EndArray();
        json.Key("b"u8).String("{"u8).Key("c"u8).OpenString().Raw("["u8).CloseString();
        json.Key("d"u8).Milliseconds(1.5).EndObject();

        const string Expected = """{"a":[-1,null,{},[]],"b":"{","c":"[","d":1.5}""";
        Assert.Equal(Expected, Encoding.UTF8.GetString(json.Written));
    }
}
