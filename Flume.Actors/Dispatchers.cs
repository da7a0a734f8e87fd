namespace Flume.Actors;

/// <summary>Where the dispatchers of flume.conf stand in the configuration.</summary>
internal static class Dispatchers
{
    /// <summary>For what blocks on the disk.</summary>
    public const string Log = "flume.dispatchers.log";

    /// <summary>For views, which decode and write rows.</summary>
    public const string Views = "flume.dispatchers.views";
}
