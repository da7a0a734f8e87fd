using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Flume.Host.Http;

/// <summary>Compares entity tags of a request with that of an answer.</summary>
internal static class EntityTags
{
    /// <summary>True if the client has the content: the header names its tag, or any.</summary>
    public static bool IsKnown(StringValues ifNoneMatch, string etag)
    {
        if (!EntityTagHeaderValue.TryParseList(ifNoneMatch, out IList<EntityTagHeaderValue>? tags)) return false;
        foreach (EntityTagHeaderValue tag in tags)
        {
            if (tag.Tag == etag || tag.Tag == "*") return true;
        }

        return false;
    }
}
