using Flume.Host.Http;
using Flume.Log;
using Flume.Query.MapFilterReduce;
using Flume.Ssb.Api;
using Flume.Ssb.Views;
using Flume.Views;
using Xunit;

namespace Flume.Host.Tests;

public sealed class ProblemsTests
{
    public static TheoryData<Exception, string, int> Errors() => new()
    {
        { new QueryException("why"), "bad-query", 400 },
        { new QueryLimitException("why"), "query-too-large", 422 },
        { new LogOffsetException(new Offset(5), "why"), "bad-parameter", 400 },
        { new LogDeletedException(new Offset(5)), "not-found", 404 },
        { new LogDamagedException(new Offset(5), "why", "log.offset"), "damaged", 500 },
        { new UnknownViewException("feed", SsbViews.Catalog.Views), "no-such-view", 404 },
        { new IdentityRejectedException("why"), "identity-refused", 409 },
        { new AppendRejectedException(AppendRejection.NoSuchRecord, "why"), "not-found", 404 },
        { new AppendFailedException("why", null), "append-unknown", 500 },
        { new InvalidOperationException("why"), "unexpected", 500 },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    public void Every_error_of_the_engine_has_a_problem_that_says_whose_turn_it_is(
        Exception error, string type, int status)
    {
        ProblemException problem = Problems.From(error);
        Assert.Equal($"/problems/{type}", problem.Type.Address);
        Assert.Equal(status, problem.Type.Status);
        Assert.Contains(error.Message, problem.Message);
        Assert.Contains(problem.Type, ProblemTypes.All);
    }

    [Fact]
    public void Problem_types_have_one_address_each()
    {
        Assert.Equal(ProblemTypes.All.Count, ProblemTypes.All.Select(type => type.Address).Distinct().Count());
        Assert.All(ProblemTypes.All, type => Assert.InRange(type.Status, 400, 599));
    }
}
