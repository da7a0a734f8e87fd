using Flume.Ssb.Api;
using Flume.Ssb.Messages;
using Flume.Ssb.Views;
using Flume.Views;
using Flume.Views.Records;

namespace Flume.Actors;

/// <summary>Which views an identity of a kind keeps, and how its records are decoded.</summary>
public static class IdentityViews
{
    /// <summary>The views of a catalog that an identity keeps: plain events have no views of SSB messages.</summary>
    public static ViewCatalog Of(IdentityKind kind, ViewCatalog catalog) => kind == IdentityKind.Events
        ? new ViewCatalog(catalog.Views.Where(view => view is not SsbView))
        : catalog;

    /// <summary>How the records of an identity are decoded.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="boxes">Opens private messages; null leaves all boxed. Plain events have none.</param>
    public static RecordFormat Format(IdentityKind kind, Unboxer? boxes) =>
        kind == IdentityKind.Events ? RecordFormat.Json : new SsbFormat(boxes);
}
