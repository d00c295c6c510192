using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Mcptt.Domain.Ports;

namespace Mcptt.Api.Tests;

public sealed class AuditEndpointsTests
{
    private const string Log = "/v1/audit/log";
    private const string Group = "/v1/audit/actors/sip%3Abrigade%40example.org";

    [Fact]
    public async Task Log_comes_in_pages_each_of_which_leads_to_the_next()
    {
        await using var api = await ApiFixture.StartAsync();

        var (status, first) = await api.GetAsync($"{Log}?limit=2");
        var (_, second) = await api.GetAsync($"{Log}?limit=2&after={first.GetProperty("next").GetString()}");

        Assert.Equal(200, status);
        Assert.Equal([1L, 2L], Orderings(first));
        Assert.Equal([3L], Orderings(second));
        Assert.False(second.TryGetProperty("next", out _));
        var entry = first.GetProperty("items")[0];
        Assert.Equal(("group-provisioned", "The group was provisioned.", "2026-11-21T14:00:01+00:00"), (Text(entry, "kind"), Text(entry, "sentence"), Text(entry, "time")));
    }

    [Fact]
    public async Task Filters_are_those_of_the_command()
    {
        await using var api = await ApiFixture.StartAsync();

        await api.GetAsync($"{Log}?from=2026-11-21T14:00:00%2B01:00&to=2026-11-21T14:00&user=sip:Alice@EXAMPLE.org&group=sip:brigade@example.org&call=c1&actor=floor-c1&kind=floor-granted&kind=call-start");

        var query = Assert.Single(api.Audit.Queries);
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 13, 0, 0, TimeSpan.Zero), query.From);
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 14, 0, 0, TimeSpan.Zero), query.To);
        Assert.Equal(("sip:Alice@example.org", "sip:brigade@example.org", "c1", "floor-c1"), (query.User, query.Group, query.Call, query.Actor));
        Assert.Equal(["call-started", "floor-granted"], query.Kinds.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("application/x-ndjson", "application/x-ndjson")]
    [InlineData("text/csv", "text/csv")]
    [InlineData("text/csv;q=0.5, application/x-ndjson", "application/x-ndjson")]
    [InlineData("text/*", "text/csv")]
    [InlineData("*/*", "application/json")]
    [InlineData(null, "application/json")]
    public async Task The_form_is_what_the_client_accepts(string? accept, string expected)
    {
        await using var api = await ApiFixture.StartAsync();

        using var response = await SendAsync(api, Log, accept);

        Assert.Equal((HttpStatusCode.OK, expected), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task A_form_that_there_is_not_is_406()
    {
        await using var api = await ApiFixture.StartAsync();

        using var response = await SendAsync(api, Log, "image/png");

        Assert.Equal(HttpStatusCode.NotAcceptable, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Streams_have_everything_however_much_it_is()
    {
        await using var api = await ApiFixture.StartAsync();
        api.Audit.Events = 5_000;

        using var ndjson = await SendAsync(api, Log, "application/x-ndjson");
        using var csv = await SendAsync(api, $"{Log}?limit=10", "text/csv");

        var lines = (await ndjson.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(5_000, lines.Length);
        Assert.Equal(5_000, JsonDocument.Parse(lines[^1]).RootElement.GetProperty("ordering").GetInt64());
        Assert.Equal(12, (await csv.Content.ReadAsStringAsync()).Split("\r\n").Length);
    }

    [Theory]
    [InlineData("kind=flor", "kind")]
    [InlineData("from=yesterday", "from")]
    [InlineData("user=alice", "user")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=1001", "limit")]
    [InlineData("after=x", "after")]
    public async Task What_cannot_be_asked_is_a_problem_that_names_the_parameter(string query, string field)
    {
        await using var api = await ApiFixture.StartAsync();

        var (status, problem) = await api.GetAsync($"{Log}?{query}");

        Assert.Equal(400, status);
        Assert.Equal(field, problem.GetProperty("faults")[0].GetProperty("field").GetString());
    }

    [Fact]
    public async Task A_journal_that_cannot_be_read_is_a_problem_and_one_that_breaks_off_breaks_the_connection()
    {
        await using var api = await ApiFixture.StartAsync();
        api.Audit.Fails = (0, new AuditUnavailableException("the disk is gone"));
        Assert.Equal(503, (await api.GetAsync(Log)).Status);

        api.Audit.Events = 5_000;
        api.Audit.Fails = (4_000, new AuditUnavailableException("the disk is gone"));
        await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(api, Log, "application/x-ndjson"));

        api.Audit.Fails = (0, new AuditUnavailableException("event 3 is missing") { IsBroken = true });
        var (status, problem) = await api.GetAsync($"{Group}/replay");
        Assert.Equal((409, "event 3 is missing"), (status, Text(problem, "detail")));
    }

    [Fact]
    public async Task Too_many_readings_at_once_are_refused()
    {
        await using var api = await ApiFixture.StartAsync();
        var gate = new TaskCompletionSource();
        api.Audit.Gate = gate.Task;
        var readings = Enumerable.Range(0, new ApiOptions().MaxAuditReadings).Select(_ => api.GetAsync(Log)).ToList();
        while (Volatile.Read(ref api.Audit.Asked) < readings.Count)
        {
            await Task.Delay(1);
        }

        using var refused = await SendAsync(api, Log, null);
        gate.SetResult();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.All(await Task.WhenAll(readings), reading => Assert.Equal(200, reading.Status));
        Assert.Equal(200, (await api.GetAsync(Log)).Status);
    }

    [Fact]
    public async Task Replay_shows_the_state_at_a_moment_and_diff_what_changed()
    {
        await using var api = await ApiFixture.StartAsync();

        var (status, replayed) = await api.GetAsync($"{Group}/replay?at=2026-11-21T14:00:02Z");
        var (_, different) = await api.GetAsync($"{Group}/diff?from=2026-11-21T14:00:01Z&to=2026-11-21T14:00:03Z");

        var actor = replayed.GetProperty("actors")[0];
        Assert.Equal((200, 2L, 2), (status, actor.GetProperty("sequenceNumber").GetInt64(), actor.GetProperty("state").GetProperty("group").GetProperty("document").GetProperty("queueDepth").GetInt32()));
        var change = different.GetProperty("actors")[0].GetProperty("changes")[0];
        Assert.Equal(("document.queue_depth", "1", "3"), (Text(change, "path"), Text(change, "before"), Text(change, "after")));
        Assert.Equal(404, (await api.GetAsync("/v1/audit/actors/sip%3Anobody%40example.org/replay")).Status);
        Assert.Equal(400, (await api.GetAsync($"{Group}/replay?at=now&sequence=1")).Status);
        Assert.Equal(400, (await api.GetAsync($"{Group}/diff")).Status);
    }

    [Theory]
    [InlineData("operator-token", "/v1/groups", 200)]
    [InlineData("operator-token", "/v1/audit/log", 403)]
    [InlineData("operator-token", "/V1/Audit/log", 403)]
    [InlineData("auditor-token", "/v1/audit/log", 200)]
    [InlineData("auditor-token", "/v1/groups", 403)]
    [InlineData("auditor-token", "/v1/health/ready", 200)]
    [InlineData("auditor-token", "/v1/openapi.json", 200)]
    [InlineData("both-token", "/v1/audit/log", 200)]
    [InlineData("both-token", "/v1/groups", 200)]
    [InlineData("wrong", "/v1/audit/log", 401)]
    [InlineData(null, "/v1/audit/log", 401)]
    public async Task Roles_decide_who_may_read_what(string? token, string path, int expected)
    {
        await using var api = await ApiFixture.StartAsync(WithRoles());
        api.Http.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);

        Assert.Equal(expected, (await api.GetAsync(path)).Status);
    }

    [Fact]
    public async Task An_auditor_changes_nothing()
    {
        await using var api = await ApiFixture.StartAsync(WithRoles());
        api.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "auditor-token");

        Assert.Equal(403, (await api.SendAsync(HttpMethod.Delete, "/v1/calls/3f2a9c0d1e2b3a4c5d6e7f80", null)).Status);
        Assert.Equal(403, (await api.PutAsync("/v1/groups/sip%3Ag%40example.org", "{}")).Status);
        Assert.Equal(405, (await api.SendAsync(HttpMethod.Post, Log, "{}")).Status);
    }

    [Fact]
    public async Task Each_access_and_each_refusal_is_logged_with_who_it_was()
    {
        await using var api = await ApiFixture.StartAsync(WithRoles());
        api.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "auditor-token");
        await api.GetAsync($"{Log}?user=sip:alice@example.org");
        api.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "operator-token");
        await api.GetAsync(Log);

        Assert.Contains(api.Loggers.Lines, line => line.StartsWith("Audit access by anna at ", StringComparison.Ordinal) && line.EndsWith("/v1/audit/log?user=sip:alice@example.org", StringComparison.Ordinal));
        Assert.Contains(api.Loggers.Lines, line => line.StartsWith("operator at ", StringComparison.Ordinal) && line.EndsWith("was refused GET /v1/audit/log: it needs the role auditor", StringComparison.Ordinal));
    }

    private static ApiOptions WithRoles() =>
        new()
        {
            Token = "operator-token",
            Tokens = [new ApiToken("anna", "auditor-token", [ApiRoles.Auditor]), new ApiToken("chief", "both-token", ApiRoles.All)],
        };

    private static async Task<HttpResponseMessage> SendAsync(ApiFixture api, string path, string? accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (accept is not null)
        {
            request.Headers.Add("Accept", accept);
        }

        return await api.Http.SendAsync(request);
    }

    private static IEnumerable<long> Orderings(JsonElement page) => page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("ordering").GetInt64());

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
