using Flume.Log;
using Flume.Query.Json;
using Flume.Views.Store;

namespace Flume.Ssb.Api.Registered;

/// <summary>How the rows of one kind of registered view are read.</summary>
internal abstract class RowSource
{
    /// <summary>What is stored, as the options want it.</summary>
    internal abstract IEnumerable<JsValue> Stored(IViewReader rows, ReadOptions options);

    /// <summary>What changed behind <paramref name="since"/> (exclusive).</summary>
    internal abstract IEnumerable<JsValue> Changed(IViewReader rows, ReadOptions options, Offset since);

    /// <summary>Refuses options that make no sense for such a view.</summary>
    /// <exception cref="ApiException">One of them.</exception>
    internal abstract void Check(ReadOptions options);

    /// <summary>A refusal of bounds over something that has no offsets.</summary>
    protected static void RefuseBounds(ReadOptions options, string what)
    {
        if (options.HasBounds) throw ApiException.Parameter($"{what} has no bounds: leave gt, gte, lt and lte out.");
    }
}
