namespace Flume.Actors;

/// <summary>Configuration paths of the dispatchers in flume.conf.</summary>
internal static class Dispatchers
{
    /// <summary>For actors that block on the disk.</summary>
    public const string Log = "flume.dispatchers.log";

    /// <summary>For views, which decode records and write rows.</summary>
    public const string Views = "flume.dispatchers.views";
}
