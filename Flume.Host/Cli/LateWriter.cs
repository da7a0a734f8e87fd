using System.Text;

namespace Flume.Host.Cli;

/// <summary>A writer that opens its stream at the first write: most verbs need one stream, or none.</summary>
internal sealed class LateWriter(Func<TextWriter> open) : TextWriter
{
    private readonly Lazy<TextWriter> _to = new(open);

    /// <inheritdoc/>
    public override Encoding Encoding => _to.Value.Encoding;

    /// <inheritdoc/>
    public override void Write(char value) => _to.Value.Write(value);

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => _to.Value.Write(buffer, index, count);

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<char> buffer) => _to.Value.Write(buffer);

    /// <inheritdoc/>
    public override void Write(string? value) => _to.Value.Write(value);

    /// <inheritdoc/>
    public override void WriteLine(string? value) => _to.Value.WriteLine(value);

    /// <inheritdoc/>
    public override void Flush()
    {
        if (_to.IsValueCreated) _to.Value.Flush();
    }
}
