namespace Flume.Replication.Invites;

/// <summary>One invite code of an identity. The code itself is not stored.</summary>
/// <param name="Guest">The SHA-256 of the guest's public key, as base64url: it names the invite.</param>
/// <param name="Uses">How often the code may be used.</param>
/// <param name="Note">The text that goes into the contact message; null for none.</param>
/// <param name="CreatedAt">The time of its creation.</param>
internal sealed record Invite(string Guest, int Uses, string? Note, DateTimeOffset CreatedAt)
{
    /// <summary>The feeds that used the code, in order.</summary>
    public IReadOnlyList<InviteUse> UsedBy { get; init; } = [];

    /// <summary>True if the code may be used once more.</summary>
    public bool IsOpen => UsedBy.Count < Uses;
}

/// <summary>One use of an invite code.</summary>
/// <param name="Feed">The feed that is followed since.</param>
/// <param name="At">The time.</param>
internal sealed record InviteUse(string Feed, DateTimeOffset At);
