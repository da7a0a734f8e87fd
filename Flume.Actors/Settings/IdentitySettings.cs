using Flume.Ssb.Api;

namespace Flume.Actors;

/// <summary>How identities are opened and closed: <c>flume.identities</c>.</summary>
public sealed record IdentitySettings
{
    /// <summary>The kind of a new identity when its maker names none.</summary>
    public required IdentityKind Kind { get; init; }

    /// <summary>Disuse after which an identity closes; null for never.</summary>
    public required TimeSpan? IdleOut { get; init; }

    /// <summary>How long a caller waits for an identity to open.</summary>
    public required TimeSpan OpenWithin { get; init; }

    /// <summary>How long a caller waits for the answer to an append or a command.</summary>
    public required TimeSpan AnswerWithin { get; init; }

    /// <summary>How long closing may take at a shutdown.</summary>
    public required TimeSpan CloseWithin { get; init; }

    /// <summary>True to open a log read-only that another process writes.</summary>
    public required bool FollowLockedLogs { get; init; }

    internal static IdentitySettings Read(SettingsReader reader)
    {
        TimeSpan idle = reader.Milliseconds("flume.identities.idle-out-ms", 0, 864_000_000);
        return new IdentitySettings
        {
            Kind = reader.OneOf("flume.identities.kind", [.. IdentityKinds.All]),
            IdleOut = idle == TimeSpan.Zero ? null : idle,
            OpenWithin = reader.Milliseconds("flume.identities.open-within-ms", 1, 3_600_000),
            AnswerWithin = reader.Milliseconds("flume.identities.answer-within-ms", 1, 3_600_000),
            CloseWithin = reader.Milliseconds("flume.identities.close-within-ms", 1, 3_600_000),
            FollowLockedLogs = reader.Flag("flume.identities.follow-locked-logs"),
        };
    }
}
