namespace Akka;

/// <summary>The outcome of work that yields nothing: it is done.</summary>
public sealed class Done
{
    public static readonly Done Instance = new();

    private Done()
    {
    }
}
