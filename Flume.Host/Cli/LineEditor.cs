using System.Text;

namespace Flume.Host.Cli;

/// <summary>Reads lines from a terminal, with arrow keys and a history that outlives the process.</summary>
internal sealed class LineEditor
{
    private const int KeptMax = 500;

    private readonly bool _isTerminal;
    private readonly string _file;
    private readonly List<string> _history = [];

    /// <summary>Reads what earlier processes remembered.</summary>
    /// <param name="isTerminal">False to read plain lines, without prompt and history.</param>
    public LineEditor(bool isTerminal)
    {
        _isTerminal = isTerminal;
        string state = Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } set
            ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");
        _file = Path.Combine(state, "flume", "sql-history");
        if (isTerminal && File.Exists(_file)) _history.AddRange(File.ReadAllLines(_file));
    }

    /// <summary>The next line; null at the end of the input.</summary>
    public string? Read(string prompt)
    {
        if (!_isTerminal) return Console.In.ReadLine();
        Console.Error.Write(prompt);
        StringBuilder line = new();
        int at = 0, shown = _history.Count;
        while (true)
        {
            ConsoleKeyInfo key = Console.ReadKey(intercept: true);
            if (key.Key == ConsoleKey.Enter)
            {
                Console.Error.WriteLine();
                return line.ToString();
            }

            if (key is { Key: ConsoleKey.D, Modifiers: ConsoleModifiers.Control } && line.Length == 0)
            {
                Console.Error.WriteLine();
                return null;
            }

            if (key.Key is ConsoleKey.UpArrow or ConsoleKey.DownArrow)
            {
                shown = Math.Clamp(shown + (key.Key == ConsoleKey.UpArrow ? -1 : 1), 0, _history.Count);
                line.Clear().Append(shown < _history.Count ? _history[shown] : "");
                at = line.Length;
            }
            else Edit(line, ref at, key);

            Show(prompt, line, at);
        }
    }

    /// <summary>Adds a statement to the history.</summary>
    public void Remember(string statement)
    {
        if (_history.Count == 0 || _history[^1] != statement) _history.Add(statement);
    }

    /// <summary>Writes the history for later processes; one that can't be written is left as it is.</summary>
    public void Save()
    {
        if (!_isTerminal || _history.Count == 0) return;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_file)!);
            File.WriteAllLines(_file, _history.TakeLast(KeptMax));
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(_file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
        }
    }

    private static void Edit(StringBuilder line, ref int at, ConsoleKeyInfo key)
    {
        switch (key.Key)
        {
            case ConsoleKey.LeftArrow: at = Math.Max(0, at - 1); break;
            case ConsoleKey.RightArrow: at = Math.Min(line.Length, at + 1); break;
            case ConsoleKey.Home: at = 0; break;
            case ConsoleKey.End: at = line.Length; break;
            case ConsoleKey.Backspace when at > 0: line.Remove(--at, 1); break;
            case ConsoleKey.Delete when at < line.Length: line.Remove(at, 1); break;
            default:
                if (!char.IsControl(key.KeyChar)) line.Insert(at++, key.KeyChar);
                break;
        }
    }

    private static void Show(string prompt, StringBuilder line, int at)
    {
        Console.Error.Write($"\r\u001b[K{prompt}{line}");
        if (at < line.Length) Console.Error.Write($"\u001b[{line.Length - at}D");
    }
}
