using System.Net;
using System.Xml.Linq;
using Mcptt.Domain.Ports;

namespace Mcptt.Api.Tests;

public sealed class CallStoryEndpointsTests
{
    private const string Calls = "/v1/audit/calls";
    private const string Call = $"{Calls}/{RecordedStories.Call}";

    [Fact]
    public async Task Calls_are_listed_with_whose_they_were_and_can_be_narrowed()
    {
        await using var api = await ApiFixture.StartAsync();

        var (status, page) = await api.GetAsync($"{Calls}?user=sip:Alice@EXAMPLE.org&group=sip:brigade@example.org&limit=5");

        Assert.Equal(200, status);
        var call = Assert.Single(page.GetProperty("items").EnumerateArray());
        Assert.Equal((RecordedStories.Call, "sip:alice@example.org", 2), (call.GetProperty("call").GetString(), call.GetProperty("originator").GetString(), call.GetProperty("participants").GetArrayLength()));
        Assert.Equal(new CallFilter { User = "sip:Alice@example.org", Group = "sip:brigade@example.org" }, Assert.Single(api.Stories.Filters));
    }

    [Fact]
    public async Task Story_says_who_talked_who_could_hear_it_and_who_was_refused()
    {
        await using var api = await ApiFixture.StartAsync();

        var (status, story) = await api.GetAsync($"{Call}/story");

        Assert.Equal(200, status);
        var burst = Assert.Single(story.GetProperty("bursts").EnumerateArray());
        Assert.Equal("sip:bob@example.org", Assert.Single(burst.GetProperty("couldHear").EnumerateArray()).GetProperty("mcpttId").GetString());
        Assert.Equal(("join", "TS 24.379 4.4.2"), (story.GetProperty("refusals")[0].GetProperty("asked").GetString(), story.GetProperty("refusals")[0].GetProperty("clause").GetString()));
    }

    [Fact]
    public async Task Story_of_a_moment_says_who_could_hear_whom_and_who_was_refused_in_it()
    {
        await using var api = await ApiFixture.StartAsync();

        var (status, instant) = await api.GetAsync($"{Call}/story?at=14:03:07");

        Assert.Equal(200, status);
        Assert.Equal(["sip:bob@example.org"], instant.GetProperty("talkers")[0].GetProperty("couldHear").EnumerateArray().Select(user => user.GetString()));
        Assert.Equal("sip:mallory@example.org", Assert.Single(instant.GetProperty("refused").EnumerateArray()).GetProperty("mcpttId").GetString());
    }

    [Theory]
    [InlineData("", "image/svg+xml")]
    [InlineData("?format=svg", "image/svg+xml")]
    [InlineData("?format=html", "text/html")]
    public async Task Timeline_is_a_picture_or_a_page(string query, string type)
    {
        await using var api = await ApiFixture.StartAsync();

        using var response = await api.Http.GetAsync(new Uri($"{Call}/timeline{query}", UriKind.Relative));

        Assert.Equal((HttpStatusCode.OK, type), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.NotNull(XDocument.Parse(await response.Content.ReadAsStringAsync()).Root);
    }

    [Theory]
    [InlineData($"{Calls}/nosuchcall/story", 404)]
    [InlineData($"{Calls}/nosuchcall/timeline", 404)]
    [InlineData($"{Call}/story?at=noon", 400)]
    [InlineData($"{Call}/timeline?format=gif", 400)]
    [InlineData($"{Calls}?limit=0", 400)]
    [InlineData($"{Calls}?user=alice%20smith", 400)]
    public async Task What_there_is_not_or_makes_no_sense_is_a_problem_document(string path, int status)
    {
        await using var api = await ApiFixture.StartAsync();

        var (answered, problem) = await api.GetAsync(path);

        Assert.Equal(status, answered);
        Assert.True(problem.TryGetProperty("title", out _));
    }

    [Fact]
    public async Task Journal_that_cannot_be_read_is_503()
    {
        await using var api = await ApiFixture.StartAsync();
        api.Stories.Fails = new AuditUnavailableException("the disk is gone");

        Assert.Equal(503, (await api.GetAsync($"{Call}/story")).Status);
    }
}
