using System.Globalization;
using System.Text;

namespace Akka.Event;

/// <summary>Puts arguments into a log message's format.</summary>
public interface ILogMessageFormatter
{
    string Format(string format, params object[] args);

    string Format(string format, IEnumerable<object> args);
}

/// <summary>Fills <c>{0}</c> by number and <c>{Name}</c> in the order of the arguments.</summary>
public class DefaultLogMessageFormatter : ILogMessageFormatter
{
    public static readonly DefaultLogMessageFormatter Instance = new();

    public string Format(string format, params object[] args) =>
        args.Length == 0 ? format : string.Format(CultureInfo.InvariantCulture, Numbered(format), args);

    public string Format(string format, IEnumerable<object> args) => Format(format, args.ToArray());

    /// <summary>The format with each name replaced by the number of its first appearance.</summary>
    private static string Numbered(string format)
    {
        var text = new StringBuilder(format.Length);
        var names = new List<string>();
        for (var i = 0; i < format.Length; i++)
        {
            text.Append(format[i]);
            if (format[i] != '{' || i + 1 >= format.Length)
                continue;
            if (format[i + 1] == '{')
            {
                text.Append(format[++i]);
                continue;
            }
            var end = format.AsSpan(i + 1).IndexOfAny("},:");
            var name = end < 0 ? "" : format.Substring(i + 1, end);
            if (name.Length == 0 || char.IsAsciiDigit(name[0]))
                continue;
            if (!names.Contains(name))
                names.Add(name);
            text.Append(names.IndexOf(name));
            i += name.Length;
        }
        return text.ToString();
    }
}

/// <summary>A log message that is put together only if somebody reads it.</summary>
public abstract class LogMessage
{
    protected readonly ILogMessageFormatter Formatter;

    public LogMessage(ILogMessageFormatter formatter, string format)
    {
        Formatter = formatter;
        Format = format;
    }

    public string Format { get; }

    public abstract IEnumerable<object> Parameters();

    /// <summary>The arguments, side by side.</summary>
    public abstract string Unformatted();
}

/// <summary>A log message with its arguments in an array.</summary>
internal sealed class ArgumentsLogMessage(ILogMessageFormatter formatter, string format, object[] arguments)
    : LogMessage(formatter, format)
{
    public override IEnumerable<object> Parameters() => arguments;

    public override string Unformatted() => string.Join(",", arguments);

    public override string ToString() => Formatter.Format(Format, arguments);
}
