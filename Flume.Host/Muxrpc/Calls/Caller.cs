using Flume.Ssb.Api;

namespace Flume.Host.Muxrpc.Calls;

/// <summary>Who is at the other end of a connection, and which identity answers.</summary>
/// <param name="Identity">The identity that was asked for.</param>
/// <param name="IsOwner">
/// True for the identity itself and its masters, who may do everything; others get the anonymous methods.
/// </param>
internal sealed record Caller(IIdentity Identity, bool IsOwner);
