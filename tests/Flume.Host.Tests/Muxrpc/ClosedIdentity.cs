using System.Reflection;
using Flume.Ssb.Api;

namespace Flume.Host.Tests.Muxrpc;

/// <summary>An identity whose log is not open: whatever it is asked, it refuses.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage(
    "Performance", "CA1852", Justification = "DispatchProxy derives a class from it.")]
internal class ClosedIdentity : DispatchProxy
{
    public static IIdentity Instance { get; } = Create<IIdentity, ClosedIdentity>();

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        throw new IdentityRejectedException($"{targetMethod?.Name} was asked of an identity that is not open.");
}
