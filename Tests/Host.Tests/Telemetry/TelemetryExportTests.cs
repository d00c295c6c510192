using Mcptt.Host.Tests.Commands;
using Mcptt.Testing.Postgres;

namespace Mcptt.Host.Tests.Telemetry;

public sealed class TelemetryExportTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_call_is_one_trace_from_the_SIP_request_through_actors_and_journal_to_SIP_and_media()
    {
        using var receiver = new OtlpReceiver();
        await using (var server = await ServingServer.StartAsync(ServingServer.NewFolder(), ["--open", .. Flags(receiver, 1_000)]))
        {
            await using var scene = await TalkingScene.StartAsync(server, Patience);
            await scene.ReleaseAsync();
        }

        var invite = receiver.Spans.First(span => span.Name == "SIP INVITE" && receiver.Spans.Any(other => other.Trace == span.Trace && other.Name == "call Initiate"));
        var trace = receiver.Spans.Where(span => span.Trace == invite.Trace).ToList();
        Assert.Equal("", invite.Parent);
        AssertPath(trace, "SIP INVITE", "group RouteGroupCall", "call Initiate", "media Open", "call MediaOpened", "SIP out Invite", "SIP 200 INVITE", "call LegAnswered");
        AssertPath(trace, "SIP INVITE", "group RouteGroupCall", "journal append");
        Assert.Single(trace.Where(span => span.Name == "call Initiate").Select(span => span.Tags["mcptt.correlation_id"]).Distinct());
        Assert.Equal(
            trace.First(span => span.Name == "call Initiate").Tags["mcptt.correlation_id"],
            trace.First(span => span.Name == "SIP out Invite").Tags["mcptt.correlation_id"]);

        var press = receiver.Spans.First(span => span.Name == "floor FloorRequest");
        AssertPath([.. receiver.Spans.Where(span => span.Trace == press.Trace)], "floor FloorRequest", "floor Request", "media SendFloor");
        Assert.Equal("node1", receiver.Resource["service.instance.id"]);
        Assert.Contains("Bearer receiver", receiver.Authorizations);
    }

    [Fact]
    public async Task Metrics_are_sent_under_their_own_names_and_no_trace_where_none_is_wanted()
    {
        using var receiver = new OtlpReceiver();
        await using (var server = await ServingServer.StartAsync(ServingServer.NewFolder(), ["--open", .. Flags(receiver, 0)]))
        {
            await using var scene = await TalkingScene.StartAsync(server, Patience);
        }

        Assert.Subset(
            receiver.Metrics.Keys.ToHashSet(StringComparer.Ordinal),
            new HashSet<string>(["mcptt.sip.requests", "mcptt.journal.commit.duration", "mcptt.actors.commands", "mcptt.floor.access.duration", "mcptt.media.rtp.received", "dotnet.process.cpu.time"], StringComparer.Ordinal));
        Assert.Empty(receiver.Spans);
    }

    [RequiresPostgresFact]
    public async Task A_command_that_goes_to_another_node_stays_in_its_trace()
    {
        using var receiver = new OtlpReceiver();
        var database = PostgresServer.Shared.CreateDatabase();
        var folder = ServingServer.NewFolder();
        await using (var edge = await NodeAsync(receiver, folder, "e1", database, "edge"))
        await using (var actors = await NodeAsync(receiver, folder, "a1", database, "actors,media"))
        {
            await using var scene = await TalkingScene.StartAsync(edge, Patience);
        }

        AssertPath([.. receiver.Spans], "SIP REGISTER", "node send", "ue Register", "journal append");
        AssertPath([.. receiver.Spans], "SIP INVITE", "node send", "group RouteGroupCall", "call Initiate", "media Open");
    }

    [Fact]
    public async Task A_receiver_that_is_away_holds_nobody_up()
    {
        await using var server = await ServingServer.StartAsync(
            ServingServer.NewFolder(), "--open", "--set", "telemetry.otlpEndpoint=http://127.0.0.1:1", "--set", "telemetry.tracesPerThousand=1000", "--set", "telemetry.metricsSeconds=1");
        await using var scene = await TalkingScene.StartAsync(server, Patience);

        Assert.Equal(0, (await server.RunAsync("health")).Code);
    }

    private static Task<ServingServer> NodeAsync(OtlpReceiver receiver, string folder, string name, string database, string roles) =>
        ServingServer.StartAsync(
            Path.Combine(folder, name),
            ["--open", "--engine", "postgresql", "--node", name, "--roles", roles, "--set", $"data.journal={database}", "--set", "data.migrate=true", "--set", "cluster.listener=127.0.0.1:0", .. Flags(receiver, 1_000)]);

    private static string[] Flags(OtlpReceiver receiver, int traces) =>
        [
            "--set", $"telemetry.otlpEndpoint={receiver.Address}", "--set", "telemetry.otlpProtocol=http/protobuf", "--set", $"telemetry.tracesPerThousand={traces}",
            "--set", "telemetry.otlpHeaders=Authorization=Bearer receiver",
        ];

    /// <summary>Spans of these names, each below the one before, with others between.</summary>
    private static void AssertPath(IReadOnlyList<ReceivedSpan> spans, params string[] names)
    {
        var byId = spans.GroupBy(span => span.Id).ToDictionary(group => group.Key, group => group.First());
        var found = spans.Where(span => span.Name == names[^1]).Any(leaf =>
        {
            var wanted = names.Length - 2;
            for (var above = byId.GetValueOrDefault(leaf.Parent); above is not null && wanted >= 0; above = byId.GetValueOrDefault(above.Parent))
            {
                wanted -= above.Name == names[wanted] ? 1 : 0;
            }

            return wanted < 0;
        });
        Assert.True(found, $"no {string.Join(" > ", names)} in:\n{string.Join('\n', spans.Select(span => $"{span.Id} below {span.Parent,16} {span.Name}"))}");
    }
}
