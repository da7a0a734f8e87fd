using Flume.Log;
using Flume.Query.Json;
using Flume.Views.Store;

namespace Flume.Ssb.Api.Registered;

/// <summary>Reads the rows of one kind of registered view.</summary>
internal abstract class RowSource
{
    /// <summary>The stored rows that the options select.</summary>
    internal abstract IEnumerable<JsValue> Stored(IViewReader rows, ReadOptions options);

    /// <summary>The changes after <paramref name="since"/> (exclusive).</summary>
    internal abstract IEnumerable<JsValue> Changed(IViewReader rows, ReadOptions options, Offset since);

    /// <summary>Rejects options that such a view does not support.</summary>
    /// <exception cref="ApiException">An option is not supported.</exception>
    internal abstract void Check(ReadOptions options);

    /// <summary>Rejects bounds for rows without offsets.</summary>
    protected static void RefuseBounds(ReadOptions options, string what)
    {
        if (options.HasBounds) throw ApiException.Parameter($"{what} has no bounds: leave gt, gte, lt and lte out.");
    }
}
