using System.Text.Json;
using Flume.Log;
using Flume.Ssb.Api;

namespace Flume.Host.Http;

/// <summary>The appends of one request, in order: each is acknowledged before the next is read.</summary>
/// <remarks>
/// After a failure the earlier records remain in the log. The problem document lists their offsets, so that the client
/// knows which records to send again.
/// </remarks>
internal sealed class AppendRequest(IIdentity identity, Durability durability, ServerContext site)
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

        Appended appended = await identity.AppendAsync(payloads, durability, cancel).ConfigureAwait(false);
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
                IReadOnlyList<ReadOnlyMemory<byte>> batch = await lines.NextAsync(cancel).ConfigureAwait(false);
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
        json.WriteString("durability", durability.ToString().ToLowerInvariant());
        json.WriteEndObject();
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
