using Flume.Ssb.Api;
using Xunit;

namespace Flume.Ssb.Tests.Api;

public sealed class IdentityServicesTests
{
    [Fact]
    public void Each_type_has_one_object_whatever_the_number_of_threads()
    {
        IdentityServices services = new();
        int created = 0;
        List<string>[] found = new List<string>[8];
        Parallel.For(0, found.Length, i => found[i] = services.Get(() =>
        {
            Interlocked.Increment(ref created);
            return new List<string>();
        }));
        Assert.All(found, one => Assert.Same(found[0], one));
        Assert.Equal(1, created);
        Assert.Empty(services.Get(() => new Dictionary<string, string>()));
    }

    [Fact]
    public void An_object_that_could_not_be_created_is_created_by_the_next_call()
    {
        IdentityServices services = new();
        Assert.Throws<IOException>(() => services.Get<string>(() => throw new IOException("the disk is full")));
        Assert.Equal("made", services.Get(() => "made"));
    }

    [Fact]
    public void Identities_share_no_object()
    {
        Assert.NotSame(new IdentityServices().Get(() => new object()), new IdentityServices().Get(() => new object()));
    }
}
