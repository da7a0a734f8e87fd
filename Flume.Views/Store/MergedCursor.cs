namespace Flume.Views.Store;

/// <summary>Merges two cursors of the same direction. Each posting occurs once.</summary>
internal sealed class MergedCursor(PostingCursor left, PostingCursor right, bool reverse) : PostingCursor
{
    private bool _leftStands;
    private bool _rightStands;
    private bool _leftBehind = true;
    private bool _rightBehind = true;

    /// <inheritdoc/>
    public override bool MoveNext()
    {
        if (_leftBehind) _leftStands = left.MoveNext();
        if (_rightBehind) _rightStands = right.MoveNext();
        _leftBehind = _leftStands && (!_rightStands || !IsBefore(right.Current, left.Current));
        _rightBehind = _rightStands && (!_leftStands || !IsBefore(left.Current, right.Current));
        if (_leftBehind) Current = left.Current;
        else if (_rightBehind) Current = right.Current;
        return _leftBehind || _rightBehind;
    }

    /// <inheritdoc/>
    public override void SeekTo(ulong a, ulong b)
    {
        Posting target = SeekTarget(a, b, reverse);
        if (_leftStands && !_leftBehind && IsBefore(left.Current, target)) _leftBehind = true;
        if (_rightStands && !_rightBehind && IsBefore(right.Current, target)) _rightBehind = true;
        if (_leftBehind) left.SeekTo(a, b);
        if (_rightBehind) right.SeekTo(a, b);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        left.Dispose();
        right.Dispose();
    }

    private bool IsBefore(Posting one, Posting other) => reverse ? one > other : one < other;
}
