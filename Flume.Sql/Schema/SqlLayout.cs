namespace Flume.Sql;

/// <summary>How contents and author ids are kept.</summary>
public enum SqlLayout
{
    /// <summary>Contents inline, ids interned: the tables of ssb-flumeview-sql.</summary>
    Keyed,

    /// <summary>As <see cref="Keyed"/>, with the author's and the message's id as text in each row as well.</summary>
    Text,

    /// <summary>No contents: a SQL function of Flume's own connections reads them from the log.</summary>
    Bare,
}

/// <summary>What an operator chooses about the SQL view.</summary>
/// <param name="Layout">How contents are kept.</param>
/// <param name="FullText">Whether a full-text table over the texts of messages is kept.</param>
public sealed record SqlOptions(SqlLayout Layout = SqlLayout.Keyed, bool FullText = false)
{
    /// <summary>The options as the checkpoint row stores them.</summary>
    internal string Code => Layout.ToString().ToLowerInvariant() + (FullText ? "+fts" : "");

    /// <summary>The options of a code; null when it is none of this version.</summary>
    internal static SqlOptions? Parse(string code)
    {
        foreach (SqlLayout layout in Enum.GetValues<SqlLayout>())
        {
            foreach (bool fullText in (bool[])[false, true])
            {
                var options = new SqlOptions(layout, fullText);
                if (options.Code == code) return options;
            }
        }

        return null;
    }
}
