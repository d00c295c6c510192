using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Mcptt.Domain.Nodes;
using Mcptt.Domain.Ports;
using Mcptt.Testing;

namespace Mcptt.Api.Tests;

public sealed class EventEndpointsTests
{
    private const string MonitorToken = "monitor-token-0123456789";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Events_of_the_journal_come_in_their_order_with_their_place_as_id()
    {
        await using var api = await ApiFixture.StartAsync();
        api.Audit.Events = 2;

        var events = await TakeAsync(api, "/v1/events?kind=group-provisioned&after=0", 2);

        Assert.Equal(["1", "2"], events.Select(one => one.EventId));
        Assert.All(events, one => Assert.Equal("group-provisioned", one.EventType));
        Assert.Equal("sip:brigade@example.org", JsonDocument.Parse(events[0].Data).RootElement.GetProperty("group").GetString());
    }

    [Fact]
    public async Task Without_a_place_only_what_happens_from_now_on_comes()
    {
        await using var api = await ApiFixture.StartAsync();
        api.Audit.Events = 5;
        await using var stream = await OpenAsync(api, "/v1/events?kind=group");
        api.Audit.Events = 6;

        Assert.Equal("6", (await TakeAsync(stream, 1))[0].EventId);
    }

    [Fact]
    public async Task A_client_that_comes_back_goes_on_after_the_last_event_that_it_had()
    {
        await using var api = await ApiFixture.StartAsync();
        api.Audit.Events = 4;

        var events = await TakeAsync(api, "/v1/events?kind=group&after=1", 2, lastEventId: "2");

        Assert.Equal(["3", "4"], events.Select(one => one.EventId));
    }

    [Fact]
    public async Task Changes_of_the_cluster_come_without_a_place()
    {
        await using var api = await ApiFixture.StartAsync();
        await using var stream = await OpenAsync(api, "/v1/events");
        await api.Nodes.DrainAsync("n2", true, CancellationToken.None);
        var first = await TakeAsync(stream, 1);
        api.Nodes.Picture = api.Nodes.Picture with { Members = [.. api.Nodes.Picture.Members.Where(member => member.Name == "n1")], Shards = [new ShardPlace(1, 3, 3, "")] };
        var later = await TakeAsync(stream, 2);

        Assert.Equal(["node-draining", "node-left", "shard-moved"], first.Concat(later).Select(one => one.EventType));
        Assert.All(first.Concat(later), one => Assert.Null(one.EventId));
        Assert.Contains("\"shard\":1", later[1].Data);
        Assert.Contains("\"node\":\"n1\"", later[1].Data);
    }

    [Fact]
    public async Task A_monitor_hears_of_nodes_and_shards_and_of_no_person()
    {
        await using var api = await ApiFixture.StartAsync(new ApiOptions { Tokens = [new ApiToken("watch", MonitorToken, [ApiRoles.Monitor])] });
        api.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", MonitorToken);
        await using var stream = await OpenAsync(api, "/v1/events?kind=group,node&after=0");
        await api.Nodes.DrainAsync("n2", true, CancellationToken.None);

        Assert.Equal("node-draining", (await TakeAsync(stream, 1))[0].EventType);
        Assert.Equal(0, api.Audit.Asked);
    }

    [Theory]
    [InlineData("/v1/events?kind=nonsense", "kind")]
    [InlineData("/v1/events?after=x", "after")]
    [InlineData("/v1/events?after=-1", "after")]
    public async Task What_cannot_be_followed_is_refused_with_what_is_possible(string path, string field)
    {
        await using var api = await ApiFixture.StartAsync();

        var (status, problem) = await api.GetAsync(path);

        Assert.Equal(400, status);
        Assert.Equal(field, problem.GetProperty("faults")[0].GetProperty("field").GetString());
        Assert.True(field != "kind" || problem.GetProperty("detail").GetString()!.Contains("shard-moved", StringComparison.Ordinal));
    }

    [Fact]
    public async Task As_many_follow_as_may_and_a_place_is_free_again_when_one_goes()
    {
        using var meters = new Measurements();
        await using var api = await ApiFixture.StartAsync(new ApiOptions { MaxEventStreams = 1, Meters = meters });
        var stream = await OpenAsync(api, "/v1/events");

        Assert.Equal(503, (await api.GetAsync("/v1/events")).Status);
        await stream.DisposeAsync();
        using var limit = new CancellationTokenSource(Patience);
        while (meters.Sums("mcptt.events.ended") != "reason=closed 1")
        {
            await Task.Delay(10, limit.Token);
        }

        await (await OpenAsync(api, "/v1/events")).DisposeAsync();
    }

    [Fact]
    public async Task Somebody_who_hears_nothing_gets_a_sign_of_life()
    {
        await using var api = await ApiFixture.StartAsync(new ApiOptions { EventHeartbeat = TimeSpan.FromMilliseconds(20) });
        await using var stream = await OpenAsync(api, "/v1/events");
        using var reader = new StreamReader(stream);

        var lines = new List<string?>();
        while (lines.Count < 5)
        {
            lines.Add(await reader.ReadLineAsync());
        }

        Assert.Equal(":||:||:", string.Join('|', lines));
    }

    [Fact]
    public async Task A_client_that_takes_nothing_is_disconnected_and_counted()
    {
        using var meters = new Measurements();
        await using var api = await ApiFixture.StartAsync(new ApiOptions { EventSendTimeout = TimeSpan.FromMilliseconds(200), Meters = meters });
        api.Audit.Events = 10_000_000;
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(IPAddress.Loopback, api.Http.BaseAddress!.Port);
        await socket.SendAsync("GET /v1/events?kind=group&after=0 HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
        using var limit = new CancellationTokenSource(Patience);
        while (meters.Sums("mcptt.events.ended").Length == 0)
        {
            await Task.Delay(10, limit.Token);
        }

        Assert.Equal("reason=slow 1", meters.Sums("mcptt.events.ended"));
    }

    [Fact]
    public async Task A_journal_that_cannot_be_read_ends_the_stream_and_is_counted()
    {
        using var meters = new Measurements();
        await using var api = await ApiFixture.StartAsync(new ApiOptions { Meters = meters });
        api.Audit.Fails = (1, new AuditUnavailableException("the disk is gone"));

        Assert.Single(await TakeAsync(api, "/v1/events?kind=group&after=0", 5));
        using var limit = new CancellationTokenSource(Patience);
        while (meters.Sums("mcptt.events.ended") != "reason=journal 1")
        {
            await Task.Delay(10, limit.Token);
        }
    }

    [Fact]
    public async Task A_server_that_stops_does_not_wait_for_who_follows()
    {
        var api = await ApiFixture.StartAsync();
        await using var stream = await OpenAsync(api, "/v1/events");
        await api.StopAsync().WaitAsync(Patience);

        Assert.Empty(await TakeAsync(stream, 1));
        await api.DisposeAsync();
    }

    private static async Task<Stream> OpenAsync(ApiFixture api, string path, string lastEventId = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (lastEventId.Length > 0)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        var response = await api.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        return await response.Content.ReadAsStreamAsync();
    }

    private static async Task<List<SseItem<string>>> TakeAsync(ApiFixture api, string path, int count, string lastEventId = "")
    {
        await using var stream = await OpenAsync(api, path, lastEventId);
        return await TakeAsync(stream, count);
    }

    // Byte by byte, so that nothing of what comes after is taken with it.
    private static async Task<List<SseItem<string>>> TakeAsync(Stream stream, int count)
    {
        using var limit = new CancellationTokenSource(Patience);
        var events = new List<SseItem<string>>();
        var text = new List<byte>();
        var one = new byte[1];
        while (events.Count < count && await stream.ReadAsync(one, limit.Token) == 1)
        {
            text.Add(one[0]);
            if (text is [.., (byte)'\n', (byte)'\n'])
            {
                using var whole = new MemoryStream([.. text]);
                await foreach (var item in SseParser.Create(whole).EnumerateAsync(limit.Token))
                {
                    events.Add(item);
                }

                text.Clear();
            }
        }

        return events;
    }
}
