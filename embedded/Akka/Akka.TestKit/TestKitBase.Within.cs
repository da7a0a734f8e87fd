namespace Akka.TestKit;

/// <summary>Running code within a time limit.</summary>
public abstract partial class TestKitBase
{
    /// <summary>Runs code that has to end within a time.</summary>
    public void Within(TimeSpan max, Action action, TimeSpan? epsilonValue = null,
        CancellationToken cancellationToken = default) =>
        Within(TimeSpan.Zero, max, action, null, epsilonValue, cancellationToken);

    /// <summary>Runs code that has to end after a time and within another.</summary>
    public void Within(TimeSpan min, TimeSpan max, Action action, string hint = null, TimeSpan? epsilonValue = null,
        CancellationToken cancellationToken = default) => Within(min, max, () =>
        {
            action();
            return Done.Instance;
        }, hint, epsilonValue, cancellationToken);

    public T Within<T>(TimeSpan max, Func<T> function, TimeSpan? epsilonValue = null,
        CancellationToken cancellationToken = default) =>
        Within(TimeSpan.Zero, max, function, null, epsilonValue, cancellationToken);

    public T Within<T>(TimeSpan min, TimeSpan max, Func<T> function, string hint = null, TimeSpan? epsilonValue = null,
        CancellationToken cancellationToken = default)
    {
        var limit = EnterLimit(min, max);
        T result;
        try
        {
            result = function();
        }
        finally
        {
            _end = limit.PreviousEnd;
        }
        CheckLimit(limit, hint, epsilonValue);
        return result;
    }

    public Task WithinAsync(TimeSpan max, Func<Task> actionAsync, TimeSpan? epsilonValue = null,
        CancellationToken cancellationToken = default) =>
        WithinAsync(TimeSpan.Zero, max, actionAsync, null, epsilonValue, cancellationToken);

    public Task WithinAsync(TimeSpan min, TimeSpan max, Func<Task> actionAsync, string hint = null,
        TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
            WithinAsync(min, max, async () =>
        {
            await actionAsync();
            return Done.Instance;
        }, hint, epsilonValue, cancellationToken);

    public Task<T> WithinAsync<T>(TimeSpan max, Func<Task<T>> function, TimeSpan? epsilonValue = null,
        CancellationToken cancellationToken = default) =>
        WithinAsync(TimeSpan.Zero, max, function, null, epsilonValue, cancellationToken);

    public async Task<T> WithinAsync<T>(TimeSpan min, TimeSpan max, Func<Task<T>> function, string hint = null,
        TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default)
    {
        var limit = EnterLimit(min, max);
        T result;
        try
        {
            result = await function();
        }
        finally
        {
            _end = limit.PreviousEnd;
        }
        CheckLimit(limit, hint, epsilonValue);
        return result;
    }

    private Limit EnterLimit(TimeSpan min, TimeSpan max)
    {
        var start = Now;
        var dilated = Dilated(max);
        var left = _end == null ? dilated : TimeSpan.FromTicks(Math.Min((_end.Value - start).Ticks, dilated.Ticks));
        _assertions.AssertTrue(left >= min, "Required min time {0} not possible, only {1} left.", min, left);
        var limit = new Limit(start, min, dilated, _end);
        _end = start + left;
        return limit;
    }

    private void CheckLimit(Limit limit, string hint, TimeSpan? epsilonValue)
    {
        var took = Now - limit.Start;
        var where = hint == null ? "" : $"[{hint}] ";
        if (took < limit.Min)
            _assertions.Fail("{0}Block took {1}, should have at least been {2}", where, took, limit.Min);
        if (took > limit.Max + (epsilonValue ?? TimeSpan.Zero))
            _assertions.Fail("{0}Block took {1}, exceeding {2}", where, took, limit.Max);
    }

    private readonly record struct Limit(TimeSpan Start, TimeSpan Min, TimeSpan Max, TimeSpan? PreviousEnd);
}
