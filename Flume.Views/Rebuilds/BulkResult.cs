using Flume.Log;

namespace Flume.Views.Rebuilds;

/// <summary>What one bulk build did.</summary>
/// <param name="Since">The log's head as of the start: what every built store reflects.</param>
/// <param name="Records">Records read, skipped ones included.</param>
/// <param name="Bytes">Bytes of log read.</param>
/// <param name="ScanTime">From the start until the last record was applied.</param>
/// <param name="Views">One result a view, in the order asked for.</param>
internal sealed record BulkResult(
    Offset Since, long Records, long Bytes, TimeSpan ScanTime, IReadOnlyList<BulkViewResult> Views);

/// <summary>What became of one view.</summary>
/// <param name="View">The view's name.</param>
/// <param name="Postings">Distinct postings stored; 0 when it failed.</param>
/// <param name="SealTime">Sorting, packing and ingesting.</param>
/// <param name="Failure">Why this view was not built, or null. The other views are not touched by it.</param>
internal sealed record BulkViewResult(
    string View, long Postings, TimeSpan SealTime, ViewApplyException? Failure);
