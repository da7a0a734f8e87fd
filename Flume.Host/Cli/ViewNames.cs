using Flume.Sql;
using Flume.Ssb.Views;
using Flume.Views;

namespace Flume.Host.Cli;

/// <summary>Resolves the view names of a command line.</summary>
internal static class ViewNames
{
    /// <summary>
    /// The built-in views, and the SQL view when it is named or the identity has its file. The SQL view has the layout
    /// of that file.
    /// </summary>
    /// <param name="names">The names of the command line.</param>
    /// <param name="viewsDirectory">The folder with one folder a view.</param>
    public static ViewCatalog Catalog(string[] names, string viewsDirectory)
    {
        string folder = Path.Combine(viewsDirectory, SqlView.ViewName);
        return names.Contains(SqlView.ViewName) || SqlView.IsKeptIn(folder)
            ? new ViewCatalog([.. SsbViews.Catalog.Views, SqlView.KeptIn(folder)])
            : SsbViews.Catalog;
    }

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
