using System.Text.RegularExpressions;
using Flume.TestKit;

namespace Flume.Ssb.Tests.Views.Plugins;

/// <summary>The example view of docs/writing-a-view.md, unchanged.</summary>
internal static partial class DocumentedView
{
    /// <summary>The document's first block of C#.</summary>
    public static string Code { get; } = Block().Match(File.ReadAllText(
        Path.Combine(Vectors.Root, "..", "..", "docs", "writing-a-view.md"))).Groups[1].Value;

    /// <summary>The name of the example's class.</summary>
    public const string Type = "ChannelView";

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
