namespace Flume.Tools.Generate.Planning;

/// <summary>The frequency of each kind of message. Odd and poison messages are added at fixed positions.</summary>
/// <remarks>
/// The shares are those of the synthetic network of tests/vectors; its unnamed "other" messages are distributed over
/// the types of real networks. Odd and poison messages have fixed distances instead of random ones, so that a log of a
/// few thousand messages contains each variant.
/// </remarks>
internal static class MessageMix
{
    /// <summary>The distance between two odd messages.</summary>
    public const int OddEvery = 89;

    /// <summary>The distance between two poison messages.</summary>
    public const int PoisonEvery = 241;

    private static readonly (MessageKind Kind, int PerTenThousand)[] Shares =
    [
        (MessageKind.Vote, 4300), (MessageKind.Post, 2500), (MessageKind.Private, 1230), (MessageKind.Contact, 870),
        (MessageKind.About, 180), (MessageKind.Channel, 300), (MessageKind.Pub, 120), (MessageKind.Git, 180),
        (MessageKind.Gathering, 60), (MessageKind.Application, 260),
    ];

    /// <summary>Draws a kind by its frequency; never odd or poison.</summary>
    public static MessageKind Pick(ref RandomStream random)
    {
        int draw = random.Below(10_000), at = 0;
        while (draw >= Shares[at].PerTenThousand) draw -= Shares[at++].PerTenThousand;
        return Shares[at].Kind;
    }
}
