using Flume.Query.Json;

namespace Flume.Query.MapFilterReduce.Folding;

/// <summary>
/// A query with stored results: a part for each item, a stored reduction, and a part for each reading.
/// </summary>
/// <remarks>
/// <c>$filter</c> and <c>$map</c> stages before the first <c>$reduce</c> run for each new item. That <c>$reduce</c>
/// continues from its stored state. Every later stage runs when the results are read.
/// </remarks>
internal sealed class IncrementalQuery
{
    private IncrementalQuery(QueryPipeline before, GroupFold? fold, QueryPipeline after)
    {
        Before = before;
        Fold = fold;
        After = after;
    }

    /// <summary>The stages that run for each item alone.</summary>
    public QueryPipeline Before { get; }

    /// <summary>The reduction of the output of <see cref="Before"/>; null without a <c>$reduce</c>.</summary>
    public GroupFold? Fold { get; }

    /// <summary>The stages that run over the results of <see cref="Fold"/> at every reading.</summary>
    public QueryPipeline After { get; }

    /// <summary>Compiles an array of stages.</summary>
    /// <exception cref="QueryException">It is not a query, or its results can't be stored.</exception>
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
