using Flume.Ssb.Messages;

namespace Flume.Tools.Generate;

/// <summary>The progress of a generation.</summary>
/// <param name="Records">Records written so far.</param>
/// <param name="RecordsTotal">The number of requested records.</param>
/// <param name="Bytes">Bytes of the log so far.</param>
public readonly record struct GenerateProgress(long Records, long RecordsTotal, long Bytes);

/// <summary>The result of a generation.</summary>
/// <param name="Records">Records in the log.</param>
/// <param name="Bytes">Bytes of the log file, frames included.</param>
/// <param name="Seconds">Seconds it took, keys included.</param>
/// <param name="Identity">The keys of author 0, a reader of some of the private boxes.</param>
/// <param name="SecretPath">The path of its secret file; null if none was requested.</param>
public sealed record GenerateResult(long Records, long Bytes, double Seconds, FeedKeys Identity, string? SecretPath);
