using Flume.Log;

namespace Flume.Views.Rebuilds;

/// <summary>The result of one bulk build.</summary>
/// <param name="Since">The log's head at the start. All built stores reflect it.</param>
/// <param name="Records">Records read, skipped ones included.</param>
/// <param name="Bytes">Bytes of log read.</param>
/// <param name="ScanTime">From the start until the last record was applied.</param>
/// <param name="Views">One result per view, in the order of the request.</param>
internal sealed record BulkResult(
    Offset Since, long Records, long Bytes, TimeSpan ScanTime, IReadOnlyList<BulkViewResult> Views);

/// <summary>The result for one view.</summary>
/// <param name="View">The view's name.</param>
/// <param name="Postings">Distinct postings stored; 0 when it failed.</param>
/// <param name="SealTime">Sorting, packing and ingesting.</param>
/// <param name="Failure">The cause why this view was not built, or null. It does not affect the other views.</param>
internal sealed record BulkViewResult(
    string View, long Postings, TimeSpan SealTime, ViewApplyException? Failure);
