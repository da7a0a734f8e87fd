using Flume.Query.Json;

namespace Flume.Query.MapFilterReduce.Folding;

/// <summary>
/// A query that is kept up to date: what is done to each item at once, what adds up, and what is left to its readers.
/// </summary>
/// <remarks>
/// <c>$filter</c> and <c>$map</c> stages before the first <c>$reduce</c> are done when an item comes; that
/// <c>$reduce</c> goes on from item to item; every stage behind it is done when the results are read.
/// </remarks>
internal sealed class IncrementalQuery
{
    private IncrementalQuery(QueryPipeline before, GroupFold? fold, QueryPipeline after)
    {
        Before = before;
        Fold = fold;
        After = after;
    }

    /// <summary>Done to each item alone.</summary>
    public QueryPipeline Before { get; }

    /// <summary>Adds up what comes out of <see cref="Before"/>; null without a <c>$reduce</c>.</summary>
    public GroupFold? Fold { get; }

    /// <summary>Done to the results of <see cref="Fold"/> at every reading.</summary>
    public QueryPipeline After { get; }

    /// <summary>Compiles an array of stages.</summary>
    /// <exception cref="QueryException">It is no query, or one that can't be kept up to date.</exception>
    public static IncrementalQuery Compile(JsArray query)
    {
        QueryPipeline.Compile(query);
        JsArray before = new(), after = new();
        GroupFold? fold = null;
        foreach (JsValue stage in query)
        {
            if (!stage.IsTruthy) continue;
            string name = stage.AsObject.At(0).Key;
            if (fold is not null) after.Add(stage);
            else if (name == "$reduce") fold = GroupFold.Compile(stage);
            else if (name != "$sort") before.Add(stage);
            else throw new QueryException(
                "A view can't keep a $sort before its $reduce up to date: its rows are in log order. Sort behind a " +
                "$reduce, or where the view is read.");
        }
        return new IncrementalQuery(QueryPipeline.Compile(before), fold, QueryPipeline.Compile(after));
    }
}
