using System.Runtime.CompilerServices;

namespace Embedded.Tests.Actors;

/// <summary>Tests block threads of the pool while they wait; actors need some too.</summary>
internal static class ThreadPoolRoom
{
    [ModuleInitializer]
    internal static void Make() => ThreadPool.SetMinThreads(32, 32);
}
