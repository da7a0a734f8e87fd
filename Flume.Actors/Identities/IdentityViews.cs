using Flume.Ssb.Api;
using Flume.Ssb.Messages;
using Flume.Ssb.Views;
using Flume.Views;
using Flume.Views.Records;

namespace Flume.Actors;

/// <summary>The views and the record format of each kind of identity.</summary>
public static class IdentityViews
{
    /// <summary>The views of a catalog that a kind supports: plain events have no views of SSB messages.</summary>
    public static ViewCatalog Of(IdentityKind kind, ViewCatalog catalog) => kind == IdentityKind.Events
        ? new ViewCatalog(catalog.Views.Where(view => view is not SsbView))
        : catalog;

    /// <summary>The format of the records of an identity.</summary>
    /// <param name="kind">The kind of the identity.</param>
    /// <param name="boxes">Decrypts private messages; null leaves all encrypted. Plain events have none.</param>
    public static RecordFormat Format(IdentityKind kind, Unboxer? boxes) =>
        kind == IdentityKind.Events ? RecordFormat.Json : new SsbFormat(boxes);
}
