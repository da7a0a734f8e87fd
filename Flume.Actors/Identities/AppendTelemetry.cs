using System.Diagnostics;
using Flume.Log;
using Flume.Log.Telemetry;
using Flume.Ssb.Api;

namespace Flume.Actors;

/// <summary>Records the metrics and the trace tags of one append.</summary>
internal readonly struct AppendTelemetry
{
    private readonly Timing _timing;
    private readonly int _records;
    private readonly long _bytes;
    private readonly Durability _durability;

    /// <summary>Starts the measurement of an append.</summary>
    public AppendTelemetry(Activity? activity, int records, long bytes, Durability durability)
    {
        (_records, _bytes, _durability) = (records, bytes, durability);
        activity?.SetTag("flume.records", records)
            .SetTag("flume.bytes", bytes)
            .SetTag("flume.durability", Word(durability));
        _timing = Timing.Start(Instruments.AppendDuration);
    }

    /// <summary>Records an acknowledged append.</summary>
    public void Done()
    {
        _timing.Stop("durability", Word(_durability));
        Instruments.AppendRecords.Add(_records);
        Instruments.AppendBytes.Add(_bytes);
    }

    /// <summary>Counts a rejected or failed append.</summary>
    public static void Failed(Exception error)
    {
        if (error is AppendRejectedException rejected) Refused(rejected.Rejection);
        else if (error is AppendFailedException) Count("failed");
    }

    /// <summary>Counts a rejected append.</summary>
    public static void Refused(AppendRejection rejection) => Count(Reason(rejection));

    private static void Count(string reason) =>
        Instruments.AppendRefusals.Add(1, new KeyValuePair<string, object?>("reason", reason));

    private static string Reason(AppendRejection rejection) => rejection switch
    {
        AppendRejection.Busy => "busy",
        AppendRejection.TooLarge => "too_large",
        AppendRejection.Malformed => "malformed",
        AppendRejection.ReadOnly => "read_only",
        AppendRejection.NoSuchRecord => "no_such_record",
        AppendRejection.HeadMoved => "head_moved",
        _ => "stopping",
    };

    private static string Word(Durability durability) => durability switch
    {
        Durability.Memory => "memory",
        Durability.Os => "os",
        _ => "fsync",
    };
}
