using System.Reflection;
using Flume.Ssb.Api;

namespace Flume.Host.Tests.Muxrpc;

/// <summary>An identity whose log is closed: it refuses every request.</summary>
internal sealed class ClosedIdentity : DispatchProxy
{
    public static IIdentity Instance { get; } = Create<IIdentity, ClosedIdentity>();

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        throw new IdentityRejectedException($"{targetMethod?.Name} was asked of an identity that is not open.");
}
