using Flume.Host.Cli;

namespace Flume.Host.Tests;

public sealed class TextTableTests
{
    [Theory]
    [InlineData(80, new[] { 0, 1, 2, 3, 4 })]
    [InlineData(41, new[] { 0, 1, 2, 3 })]
    [InlineData(30, new[] { 0, 2, 3 })]
    [InlineData(5, new[] { 0, 2, 3 })]
    public void A_narrow_terminal_does_without_the_columns_that_matter_least(int width, int[] shown)
    {
        TextTable table = new("view", "?kind", "state", ">since", "?>size");
        table.Add("backlinks", "built-in", "live", "853794", "50.1 kB");
        Assert.Equal(shown, table.Fitting(width));
    }
}
