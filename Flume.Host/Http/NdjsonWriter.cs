using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Unicode;
using Flume.Query.Json;

namespace Flume.Host.Http;

/// <summary>Writes JSON lines to a response: one value per line, copied from its text if it has one.</summary>
/// <remarks>
/// 1. No line contains a line break: JSON allows them only between tokens, where the writer replaces them by a space.
/// 2. At most <see cref="FlushBytes"/> and one line are buffered; <see cref="FlushAsync"/> waits for a slow reader.
/// </remarks>
internal sealed class NdjsonWriter(PipeWriter output)
{
    /// <summary>The media type of JSON lines.</summary>
    public const string MediaType = "application/x-ndjson";

    /// <summary>Bytes that are buffered before they are sent while more lines are ready.</summary>
    public const int FlushBytes = 32 * 1024;

    private static readonly SearchValues<byte> LineBreaks = SearchValues.Create("\n\r"u8);

    private long _unsent;

    /// <summary>True when <see cref="FlushAsync"/> is due.</summary>
    public bool IsFull => _unsent >= FlushBytes;

    /// <summary>True after the first write, sent or not.</summary>
    public bool HasWritten { get; private set; }

    /// <summary>Writes a value as a line; undefined, which JSON lacks, becomes null.</summary>
    public void WriteLine(JsValue value)
    {
        if (value.TryGetRaw(out ReadOnlyMemory<byte> raw)) WriteJson(raw.Span);
        else if (value.IsUndefined) Write("null"u8);
        else if (value.TryGetRaw(out raw, out IReadOnlyList<KeyValuePair<string, JsValue>> added))
            WriteExtended(raw.Span, added);
        else WriteComposed(value);
        EndLine();
    }

    /// <summary>Writes bytes of a line unchanged.</summary>
    public void Write(ReadOnlySpan<byte> part)
    {
        output.Write(part);
        HasWritten = true;
        _unsent += part.Length;
    }

    /// <summary>
    /// Writes one JSON text as part of a line; bytes that are no UTF-8 become U+FFFD, as in JavaScript.
    /// </summary>
    public void WriteJson(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json)) json = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json));
        if (json.ContainsAny(LineBreaks)) WriteUnbroken(json);
        else Write(json);
    }

    /// <summary>Ends the line.</summary>
    public void EndLine() => Write("\n"u8);

    /// <summary>Sends the buffered bytes; false if the client has disconnected.</summary>
    public async ValueTask<bool> FlushAsync(CancellationToken cancel)
    {
        _unsent = 0;
        FlushResult result = await output.FlushAsync(cancel).ConfigureAwait(false);
        return !result.IsCompleted;
    }

    private void WriteExtended(ReadOnlySpan<byte> json, IReadOnlyList<KeyValuePair<string, JsValue>> added)
    {
        WriteJson(json[..^1]);
        foreach ((string name, JsValue value) in added)
        {
            if (value.IsUndefined) continue;
            Write(","u8);
            WriteComposed(JsValue.From(name));
            Write(":"u8);
            WriteComposed(value);
        }

        Write("}"u8);
    }

    private void WriteComposed(JsValue value)
    {
        CountingWriter counted = new(output);
        value.WriteTo(counted);
        _unsent += counted.Count;
    }

    private void WriteUnbroken(ReadOnlySpan<byte> json)
    {
        byte[] copy = ArrayPool<byte>.Shared.Rent(json.Length);
        try
        {
            Span<byte> line = copy.AsSpan(0, json.Length);
            json.CopyTo(line);
            line.Replace((byte)'\n', (byte)' ');
            line.Replace((byte)'\r', (byte)' ');
            Write(line);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(copy);
        }
    }

    private sealed class CountingWriter(PipeWriter inner) : IBufferWriter<byte>
    {
        public long Count { get; private set; }

        public void Advance(int count)
        {
            inner.Advance(count);
            Count += count;
        }

        public Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

        public Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);
    }
}
