namespace Flume.Host.Cli;

/// <summary>Shows work of several parts on bars: one for each part, which appears when the part first reports.</summary>
/// <param name="bars">Makes a bar of that name.</param>
/// <param name="read">What a report says: the part's name, and how much of it is done.</param>
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
