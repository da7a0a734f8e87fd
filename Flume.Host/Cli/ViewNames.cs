using Flume.Sql;
using Flume.Ssb.Views;
using Flume.Views;

namespace Flume.Host.Cli;

/// <summary>Resolves the view names of a command line.</summary>
internal static class ViewNames
{
    /// <summary>
    /// The built-in views with these names, without duplicates. If no name is given: all of them, and the SQL view if
    /// the identity has its file. The SQL view has the layout of that file.
    /// </summary>
    /// <param name="names">The names.</param>
    /// <param name="viewsDirectory">The folder with one folder a view.</param>
    /// <exception cref="VerbException">There is no such view.</exception>
    public static List<IView> Of(string[] names, string viewsDirectory)
    {
        string folder = Path.Combine(viewsDirectory, SqlView.ViewName);
        try
        {
            if (names.Length > 0) return [.. names.Distinct().Select(name => Get(name, folder))];
            return SqlView.IsKeptIn(folder)
                ? [.. SsbViews.Catalog.Views, SqlView.KeptIn(folder)]
                : [.. SsbViews.Catalog.Views];
        }
        catch (UnknownViewException error)
        {
            throw VerbException.Usage(error.Message);
        }
    }

    private static IView Get(string name, string folder) =>
        name == SqlView.ViewName ? SqlView.KeptIn(folder) : SsbViews.Catalog.Get(name);
}
