namespace Akka.Configuration.Hocon;

/// <summary>
/// Reads <c>include "name"</c>, <c>include file("name")</c> and <c>include required(file("name"))</c>.
/// </summary>
internal static class HoconInclude
{
    private static readonly string[] s_wrappers = ["required(", "file(", "url(", "classpath("];

    /// <summary>Reads an include if one stands here; <c>include = 1</c> is a key like any other.</summary>
    public static bool TryRead(HoconReader reader, out string name)
    {
        name = null;
        if (!StandsHere(reader))
            return false;

        reader.Skip("include".Length);
        reader.TakeBlanksOfLine();
        var open = 0;
        while (Array.Exists(s_wrappers, reader.TrySkip))
        {
            open++;
            reader.TakeBlanksOfLine();
        }
        if (reader.Current != '"')
            throw reader.Error("an include needs a name in quotes.");
        name = reader.TakeQuoted();
        for (; open > 0; open--)
        {
            reader.TakeBlanksOfLine();
            if (!reader.TrySkip(")"))
                throw reader.Error("the include has no closing parenthesis.");
        }
        return true;
    }

    private static bool StandsHere(HoconReader reader) =>
        reader.At("include \"") || reader.At("include\t\"") || reader.At("include  ")
        || Array.Exists(s_wrappers, w => reader.At("include " + w));
}
