using Flume.Log;

namespace Flume.Host.Serving;

/// <summary>
/// The sample log in the binary: 1,000 messages of 50 synthetic authors, with the keys of one of them.
/// </summary>
internal static class SampleLog
{
    /// <summary>The name of the imported identity.</summary>
    public const string Identity = "sample";

    /// <summary>Imports it into a data directory.</summary>
    public static LogImportReport Import(DataDirectory data)
    {
        string samples = Path.Combine(AppContext.BaseDirectory, "samples");
        ImportRequest request = new(
            Path.Combine(samples, "log.offset"), Identity, Path.Combine(samples, "secret"));
        return LogImporter.Copy(data, request, null, CancellationToken.None);
    }
}
