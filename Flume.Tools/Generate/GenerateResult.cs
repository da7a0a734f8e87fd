using Flume.Ssb.Messages;

namespace Flume.Tools.Generate;

/// <summary>How far a generation has come.</summary>
/// <param name="Records">Records written so far.</param>
/// <param name="RecordsTotal">Records asked for.</param>
/// <param name="Bytes">Bytes of the log so far.</param>
public readonly record struct GenerateProgress(long Records, long RecordsTotal, long Bytes);

/// <summary>What was generated.</summary>
/// <param name="Records">Records in the log.</param>
/// <param name="Bytes">Bytes of the log file, frames included.</param>
/// <param name="Seconds">Seconds it took, keys included.</param>
/// <param name="Identity">The keys of author 0, whom some of the private boxes are for.</param>
/// <param name="SecretPath">Where its secret file was written; null when none was asked for.</param>
public sealed record GenerateResult(long Records, long Bytes, double Seconds, FeedKeys Identity, string? SecretPath);
