using Flume.Ssb.Views;
using Flume.Views;

namespace Flume.Host.Cli;

/// <summary>Resolves the view names of a command line.</summary>
internal static class ViewNames
{
    /// <summary>The built-in views with these names, without duplicates; all views if no name is given.</summary>
    /// <exception cref="VerbException">There is no such view.</exception>
    public static List<IView> Of(string[] names) => Of(names, SsbViews.Catalog);

    /// <summary>The views of a catalog with these names, without duplicates; all views if no name is given.</summary>
    /// <exception cref="VerbException">There is no such view.</exception>
    public static List<IView> Of(string[] names, ViewCatalog catalog)
    {
        try
        {
            return names.Length == 0 ? [.. catalog.Views] : [.. names.Distinct().Select(catalog.Get)];
        }
        catch (UnknownViewException error)
        {
            throw VerbException.Usage(error.Message);
        }
    }
}
