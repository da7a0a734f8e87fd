using System.Security.Cryptography;
using System.Text;
using Flume.Log;
using Flume.Query.Json;
using Flume.Tools.Generate;

namespace Flume.TestKit;

/// <summary>Generated logs in a temporary folder, and their records.</summary>
public sealed class GeneratedLog : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flume-generate-");

    public string Folder => _folder.FullName;

    public string PathOf(string name) => Path.Combine(Folder, name);

    public GenerateResult Make(GenerateOptions options, string name = "log.offset") =>
        new LogGenerator(TimeProvider.System).Generate(PathOf(name), options);

    public string Sha256Of(string name = "log.offset") =>
        Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(PathOf(name))));

    public List<GeneratedRecord> Records(string name = "log.offset")
    {
        using OffsetLog log = OffsetLog.Open(PathOf(name), new LogOptions { ReadOnly = true });
        var records = new List<GeneratedRecord>();
        byte[] file = File.ReadAllBytes(PathOf(name));
        for (int at = 0; at < file.Length;)
        {
            byte[] payload = log.Get(new Flume.Log.Offset(at)).Payload.ToArray();
            records.Add(new GeneratedRecord(payload, JsValue.ParseWhole(payload)));
            at += payload.Length + 12;
        }
        return records;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}

/// <summary>One record as bytes and as JSON.</summary>
public sealed record GeneratedRecord(byte[] Payload, JsValue Json)
{
    public string Key => Json["key"].AsString;

    public JsValue Value => Json["value"];

    public string Author => Value["author"].AsString;

    public JsValue Content => Value["content"];

    public string Type => Content.IsString ? "private" : Content["type"].AsString;

    public double Received => Json["timestamp"].AsNumber;

    public double Claimed => Value["timestamp"].AsNumber;

    public string Text => Encoding.UTF8.GetString(Payload);
}
