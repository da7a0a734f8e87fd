namespace Flume.Log;

/// <summary>Measures the frames of an append against the limits, and composes them.</summary>
internal sealed class AppendFrames(LogSettings log)
{
    private readonly LogOptions _options = log.Options;

    /// <summary>Bytes of all frames.</summary>
    /// <exception cref="LogRejectedException">A payload, their sum, or the log's width does not allow them.</exception>
    public int Measure(ReadOnlySpan<ReadOnlyMemory<byte>> payloads, long end)
    {
        long bytes = 0;
        for (int i = 0; i < payloads.Length; i++)
        {
            int length = payloads[i].Length;
            if (length == 0)
                throw Rejected($"payload {i} has no bytes, and JavaScript flume fails on empty records");
            if (length > _options.RecordBytesMax)
                throw Rejected($"payload {i} has {length} bytes, more than the {_options.RecordBytesMax} allowed");
            bytes += length + log.Overhead;
        }

        if (bytes > _options.AppendBytesMax)
            throw Rejected($"its records take {bytes} bytes, more than the {_options.AppendBytesMax} allowed");
        if (end + bytes > log.Width.FileBytesMax())
            throw Rejected(
                $"the log would reach {end + bytes} bytes and its {log.Width.Bits()}-bit offsets end at " +
                $"{log.Width.FileBytesMax()}. Import it into a log of a larger width: flume import --offset-bits 48");
        return (int)bytes;
    }

    /// <summary>Writes the frames; returns the offset of each record.</summary>
    public Offset[] Compose(ReadOnlySpan<ReadOnlyMemory<byte>> payloads, Span<byte> frames, long end)
    {
        var offsets = new Offset[payloads.Length];
        int at = 0;
        for (int i = 0; i < payloads.Length; i++)
        {
            offsets[i] = new Offset(end + at);
            at += Frame.Write(frames[at..], payloads[i].Span, end + at, log.EndBytes);
        }

        return offsets;
    }

    private LogRejectedException Rejected(string why) => new($"Nothing was appended to the log {log.Path}: {why}.");
}
