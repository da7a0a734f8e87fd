using System.Net;
using System.Net.Http;
using System.Text.RegularExpressions;
using Flume.Host.Admin;
using Flume.TestKit;

namespace Flume.Host.Tests.Admin;

public sealed partial class PageTests
{
    [Fact]
    public async Task The_page_and_its_files_come_from_the_binary_with_a_policy_that_lets_nothing_else_in()
    {
        await using ServedSite site = await ServedSite.StartAsync();
        using HttpResponseMessage page = await site.Client.GetAsync("/");

        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        string policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'none'", policy);
        Assert.Contains("script-src 'self';", policy);
        Assert.DoesNotContain("unsafe", policy);
        Assert.Equal("nosniff", page.Headers.GetValues("X-Content-Type-Options").Single());
        string html = await page.Content.ReadAsStringAsync();
        Assert.DoesNotMatch(InlineScript(), html);
        foreach (Match reference in References().Matches(html))
        {
            using HttpResponseMessage file = await site.Client.GetAsync(reference.Groups[1].Value);
            Assert.True(file.IsSuccessStatusCode, $"{reference.Groups[1].Value} is not served.");
        }
    }

    [Fact]
    public async Task A_browser_that_has_a_file_is_told_that_it_has()
    {
        await using ServedSite site = await ServedSite.StartAsync();
        using HttpResponseMessage first = await site.Client.GetAsync("/assets/js/main.js");
        Assert.Equal("text/javascript", first.Content.Headers.ContentType?.MediaType);
        using HttpRequestMessage again = new(HttpMethod.Get, "/assets/js/main.js");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        using HttpResponseMessage second = await site.Client.SendAsync(again);

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Empty(await second.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("/assets/no.js")]
    [InlineData("/assets/")]
    [InlineData("/assets/..%2f..%2fetc%2fpasswd")]
    public async Task What_is_no_file_of_the_page_is_no_route(string path)
    {
        await using ServedSite site = await ServedSite.StartAsync();
        await ServedSite.ProblemAsync(await site.Client.GetAsync(path), "no-such-route", 404);
    }

    [Fact]
    public void Every_module_imports_only_files_that_are_there_and_writes_no_markup_of_its_own()
    {
        foreach (string path in Assets.Paths().Where(path => path.EndsWith(".js", StringComparison.Ordinal)))
        {
            string text = System.Text.Encoding.UTF8.GetString(Assets.Find(path)!.Bytes);
            foreach (Match import in Imports().Matches(text))
            {
                string target = new Uri(new Uri($"http://x/{path}"), import.Groups[1].Value).AbsolutePath[1..];
                Assert.True(Assets.Find(target) is not null, $"{path} imports {target}, which is not there.");
            }

            if (path.StartsWith("vendor/", StringComparison.Ordinal)) continue;
            Assert.DoesNotMatch(Markup(), text);
        }
    }

    [GeneratedRegex(@"<script(?![^>]*\bsrc=)|\son\w+=|style=", RegexOptions.IgnoreCase)]
    private static partial Regex InlineScript();

    [GeneratedRegex("(?:href|src)=\"(/[^\"]*)\"")]
    private static partial Regex References();

    [GeneratedRegex(@"(?:from|import)\s*['""]([^'""]+)['""]")]
    private static partial Regex Imports();

    [GeneratedRegex(@"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|https?://(?!www\.w3\.org)")]
    private static partial Regex Markup();
}
