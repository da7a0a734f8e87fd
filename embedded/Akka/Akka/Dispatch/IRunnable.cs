namespace Akka.Dispatch;

/// <summary>A piece of work for a dispatcher or the scheduler.</summary>
public interface IRunnable
{
    void Run();
}

/// <summary>An action as a piece of work.</summary>
public sealed class ActionRunnable : IRunnable
{
    private readonly Action _action;

    public ActionRunnable(Action action)
    {
        _action = action;
    }

    public void Run() => _action();
}
