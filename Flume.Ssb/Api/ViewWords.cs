using Flume.Views;

namespace Flume.Ssb.Api;

/// <summary>The text forms of view states and kinds in every output.</summary>
public static class ViewWords
{
    /// <summary>The state's word.</summary>
    public static string Of(ViewState state) => state switch
    {
        ViewState.CatchingUp => "catching-up",
        ViewState.Live => "live",
        ViewState.Paused => "paused",
        ViewState.Rebuilding => "rebuilding",
        _ => "faulted",
    };

    /// <summary>The kind's word.</summary>
    public static string Of(ViewKind kind) => kind switch
    {
        ViewKind.BuiltIn => "built-in",
        ViewKind.PlugIn => "plug-in",
        ViewKind.Declared => "declared",
        _ => "client",
    };
}
