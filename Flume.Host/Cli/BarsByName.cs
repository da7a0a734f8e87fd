namespace Flume.Host.Cli;

/// <summary>Shows work of several parts, one bar each; a bar appears at its part's first report.</summary>
/// <param name="bars">Creates a bar with a name.</param>
/// <param name="read">Reads a report: the part's name, and how much of it is done.</param>
internal sealed class BarsByName<T>(Func<string, IProgress<Amount>> bars, Func<T, (string Part, Amount Done)> read)
    : IProgress<T>
{
    private readonly Dictionary<string, IProgress<Amount>> _shown = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public void Report(T value)
    {
        (string part, Amount done) = read(value);
        IProgress<Amount>? bar;
        lock (_shown)
        {
            if (!_shown.TryGetValue(part, out bar)) _shown[part] = bar = bars(part);
        }

        bar.Report(done);
    }
}
