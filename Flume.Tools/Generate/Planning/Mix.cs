namespace Flume.Tools.Generate.Planning;

/// <summary>How often each kind of message occurs. Odd and poison messages come on top, at fixed places.</summary>
/// <remarks>
/// The shares are those of the synthetic network behind tests/vectors, with its nameless "other" messages spread over
/// the types that real networks carry. Odd and poison messages stand at fixed distances rather than at random, so that
/// a log of a few thousand messages is sure to hold one of each.
/// </remarks>
internal static class Mix
{
    /// <summary>An odd message every so many.</summary>
    public const int OddEvery = 89;

    /// <summary>A poison message every so many.</summary>
    public const int PoisonEvery = 241;

    private static readonly (MessageKind Kind, int PerTenThousand)[] Shares =
    [
        (MessageKind.Vote, 4300), (MessageKind.Post, 2500), (MessageKind.Private, 1230), (MessageKind.Contact, 870),
        (MessageKind.About, 180), (MessageKind.Channel, 300), (MessageKind.Pub, 120), (MessageKind.Git, 180),
        (MessageKind.Gathering, 60), (MessageKind.Application, 260),
    ];

    /// <summary>A kind, as often as it occurs; never odd or poison.</summary>
    public static MessageKind Pick(ref RandomStream random)
    {
        int draw = random.Below(10_000), at = 0;
        while (draw >= Shares[at].PerTenThousand) draw -= Shares[at++].PerTenThousand;
        return Shares[at].Kind;
    }
}
