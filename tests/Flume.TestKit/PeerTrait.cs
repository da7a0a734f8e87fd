using Xunit.Abstractions;
using Xunit.Sdk;

namespace Flume.TestKit;

/// <summary>Gives tests that run JavaScript the trait <c>Category=Peers</c>, which the fast tests leave out.</summary>
internal sealed class PeerTrait : ITraitDiscoverer
{
    /// <summary>The full name of this type and its assembly, for <see cref="TraitDiscovererAttribute"/>.</summary>
    internal const string TypeName = "Flume.TestKit.PeerTrait", AssemblyName = "Flume.TestKit";

    public IEnumerable<KeyValuePair<string, string>> GetTraits(IAttributeInfo traitAttribute) =>
        [new("Category", "Peers")];
}
