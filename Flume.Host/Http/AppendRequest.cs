using System.Text.Json;
using Flume.Log;
using Flume.Ssb.Api;

namespace Flume.Host.Http;

/// <summary>The appends of one request, in order: each is acknowledged before the next is read.</summary>
/// <remarks>
/// After a failure the earlier records remain in the log. The problem document lists their offsets, so that the client
/// knows which records to send again. With an expected head all records are one append: none or all are written.
/// </remarks>
internal sealed class AppendRequest(IIdentity identity, AppendTerms terms, ServerContext site)
{
    private readonly List<Offset> _offsets = [];
    private Offset _head = Offset.None;

    /// <exception cref="ProblemException">An append was refused, or failed.</exception>
    public async Task AppendAsync(IReadOnlyList<ReadOnlyMemory<byte>> payloads, CancellationToken cancel)
    {
        if (_offsets.Count + payloads.Count > site.Limits.AppendRecordsMax)
        {
            throw ProblemException.Limit(
                ProblemTypes.TooManyRecords, "append-records-max", site.Limits.AppendRecordsMax,
                $"The body holds more than {site.Limits.AppendRecordsMax} records.");
        }

        Appended appended = await identity.AppendAsync(payloads, terms, cancel).ConfigureAwait(false);
        _offsets.AddRange(appended.Offsets);
        _head = appended.Head;
    }

    /// <summary>Appends all lines.</summary>
    /// <exception cref="ProblemException">A line is invalid, or an append was refused or failed.</exception>
    public async Task AppendAllAsync(JsonLinesReader lines, CancellationToken cancel)
    {
        try
        {
            while (true)
            {
                IReadOnlyList<ReadOnlyMemory<byte>> batch = terms.ExpectedHead is null
                    ? await lines.NextAsync(cancel).ConfigureAwait(false)
                    : await CollectAsync(lines, cancel).ConfigureAwait(false);
                if (batch.Count == 0) break;
                await AppendAsync(batch, cancel).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (_offsets.Count > 0 && error is not OperationCanceledException)
        {
            throw Partly(Problems.From(error));
        }

        if (_offsets.Count > 0) return;
        throw new ProblemException(ProblemTypes.BadBody, "The body is empty.")
        {
            Expected = "one JSON value, or JSON lines for many",
        };
    }

    /// <summary>Writes <c>{"offsets":[…],"head":…,"durability":…}</c>.</summary>
    public void WriteAnswer(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        WriteOffsets(json, "offsets");
        json.WriteNumber("head", _head.Value);
        json.WriteString("durability", terms.Durability.ToString().ToLowerInvariant());
        json.WriteEndObject();
    }

    /// <summary>All lines of the body; empty when they were collected before.</summary>
    private async ValueTask<IReadOnlyList<ReadOnlyMemory<byte>>> CollectAsync(
        JsonLinesReader lines, CancellationToken cancel)
    {
        List<ReadOnlyMemory<byte>> all = [];
        long bytes = 0;
        while (await lines.NextAsync(cancel).ConfigureAwait(false) is { Count: > 0 } batch)
        {
            all.AddRange(batch);
            for (int i = 0; i < batch.Count; i++) bytes += batch[i].Length;
            if (bytes <= site.Limits.AppendBatchBytes) continue;
            throw ProblemException.Limit(
                ProblemTypes.BodyTooLarge, "append-batch-bytes", site.Limits.AppendBatchBytes,
                "Records that expect a head are written together, and the body holds more than "
                + $"{site.Limits.AppendBatchBytes} bytes of them.");
        }

        return all;
    }

    private ProblemException Partly(ProblemException problem) => new(
        problem.Type, $"{problem.Message} The {_offsets.Count} records before it are in the log.", problem)
    {
        Expected = problem.Expected,
        RetryAfterSeconds = problem.RetryAfterSeconds,
        More = json =>
        {
            problem.More?.Invoke(json);
            WriteOffsets(json, "appended");
        },
    };

    private void WriteOffsets(Utf8JsonWriter json, string name)
    {
        json.WriteStartArray(name);
        for (int i = 0; i < _offsets.Count; i++) json.WriteNumberValue(_offsets[i].Value);
        json.WriteEndArray();
    }
}
