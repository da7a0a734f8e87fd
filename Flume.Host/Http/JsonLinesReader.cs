using System.Buffers;
using System.IO.Pipelines;
using Flume.Query.Json;

namespace Flume.Host.Http;

/// <summary>Reads JSON lines from a request's body in batches, as they arrive.</summary>
/// <remarks>
/// 1. It holds at most one batch and one line: it reads from the connection only when a batch is requested.
/// 2. A line ends with a line feed or with the body; blank lines are skipped; every line must be one JSON value.
/// </remarks>
internal sealed class JsonLinesReader(PipeReader input, HttpLimits limits)
{
    private long _line;
    private bool _ended;

    /// <summary>
    /// The next lines, without their ends: at least one, and the lines that have arrived, up to about <see
    /// cref="HttpLimits.AppendBatchBytes"/>. Empty at the end of the body.
    /// </summary>
    /// <exception cref="ProblemException">A line is too long or is not JSON; the detail gives its number.</exception>
    public async ValueTask<IReadOnlyList<ReadOnlyMemory<byte>>> NextAsync(CancellationToken cancel)
    {
        List<ReadOnlyMemory<byte>> batch = [];
        while (batch.Count == 0 && !_ended)
        {
            ReadResult read = await BodyReads.NextAsync(input, limits, cancel).ConfigureAwait(false);
            ReadOnlySequence<byte> rest = read.Buffer;
            bool full = TakeLines(ref rest, batch);
            if (!full && rest.Length > limits.LineBytesMax) throw RequestBody.TooLong($"Line {_line + 1}", limits);
            if (!full && read.IsCompleted)
            {
                Add(rest, batch);
                rest = rest.Slice(rest.End);
                _ended = true;
            }

            input.AdvanceTo(rest.Start, full ? rest.Start : read.Buffer.End);
        }

        return batch;
    }

    /// <summary>The values of all lines, one by one.</summary>
    /// <inheritdoc cref="NextAsync"/>
    public async IAsyncEnumerable<JsValue> ValuesAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel = default)
    {
        while (true)
        {
            IReadOnlyList<ReadOnlyMemory<byte>> lines = await NextAsync(cancel).ConfigureAwait(false);
            if (lines.Count == 0) yield break;
            for (int i = 0; i < lines.Count; i++) yield return JsValue.Parse(lines[i]);
        }
    }

    /// <summary>Moves whole lines into the batch; true when the batch is full and more lines may follow.</summary>
    private bool TakeLines(ref ReadOnlySequence<byte> rest, List<ReadOnlyMemory<byte>> batch)
    {
        long bytes = 0;
        while (rest.PositionOf((byte)'\n') is SequencePosition end)
        {
            ReadOnlySequence<byte> text = rest.Slice(0, end);
            bytes += text.Length;
            Add(text, batch);
            rest = rest.Slice(rest.GetPosition(1, end));
            if (bytes >= limits.AppendBatchBytes) return true;
        }

        return false;
    }

    private void Add(ReadOnlySequence<byte> text, List<ReadOnlyMemory<byte>> batch)
    {
        _line++;
        if (text.Length > limits.LineBytesMax) throw RequestBody.TooLong($"Line {_line}", limits);
        ReadOnlyMemory<byte> bytes = Trim(text.ToArray());
        if (bytes.IsEmpty) return;
        RequestBody.ParseJson(bytes, $"Line {_line}");
        batch.Add(bytes);
    }

    private static ReadOnlyMemory<byte> Trim(ReadOnlyMemory<byte> text)
    {
        ReadOnlySpan<byte> blanks = " \t\r"u8;
        int start = text.Span.IndexOfAnyExcept(blanks);
        return start < 0 ? default : text[start..(text.Span.LastIndexOfAnyExcept(blanks) + 1)];
    }
}
