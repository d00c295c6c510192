using System.Net;
using Mcptt.Host.Tests.Commands;
using Mcptt.Protocol.Sip;
using Mcptt.Ue;
using Mcptt.Ue.Events;
using Mcptt.Ue.Floor;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Host.Tests.Telemetry;

/// <summary>Two clients in a call on a server that a test runs; the first one talks.</summary>
internal sealed class TalkingScene : IAsyncDisposable
{
    public const string Group = "sip:brigade@example.org";

    private readonly UeClient _alice;
    private readonly UeClient _bob;
    private readonly EventPlace _alicePlace = new();
    private readonly EventPlace _bobPlace = new();
    private readonly TimeSpan _patience;

    private TalkingScene(IPEndPoint server, TimeSpan patience)
    {
        (_alice, _bob, _patience) = (Client("alice", server), Client("bob", server), patience);
    }

    public static async Task<TalkingScene> StartAsync(ServingServer server, TimeSpan patience)
    {
        await ProvisionAsync(server);
        var scene = new TalkingScene(SipOf(server), patience);
        using var limit = new CancellationTokenSource(patience);
        await scene.CallAsync(limit.Token);
        return scene;
    }

    public async Task ReleaseAsync()
    {
        Must(_alice.Release());
        await ExpectAsync(_bob, _bobPlace, "idle", CancellationToken.None);
    }

    public async Task HangUpAsync()
    {
        Must(await _alice.HangUpAsync(CancellationToken.None));
        await ExpectAsync(_bob, _bobPlace, "ended", CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _alice.DisposeAsync();
        await _bob.DisposeAsync();
    }

    private static async Task ProvisionAsync(ServingServer server)
    {
        Directory.CreateDirectory(server.Folder);
        var file = Path.Combine(server.Folder, "brigade.json");
        await File.WriteAllTextAsync(
            file,
            $$"""{ "groupId": "{{Group}}", "sessionType": "prearranged", "members": [{ "mcpttId": "sip:alice@example.org" }, { "mcpttId": "sip:bob@example.org" }] }""");
        var put = await server.RunAsync($"group put {file}");
        Assert.True(put.Code == 0, put.Error);
    }

    private static IPEndPoint SipOf(ServingServer server) => IPEndPoint.Parse(server.Lines.First(line => line.StartsWith("sip udp ", StringComparison.Ordinal)).Split(' ', ',')[2]);

    private static UeClient Client(string name, IPEndPoint server) =>
        UeClient.Create(new UeOptions { User = SipUri.Parse($"sip:{name}@example.org"), Server = server }, TimeProvider.System, NullLoggerFactory.Instance);

    private async Task CallAsync(CancellationToken cancellationToken)
    {
        foreach (var (client, place) in (IEnumerable<(UeClient, EventPlace)>)[(_alice, _alicePlace), (_bob, _bobPlace)])
        {
            await client.StartAsync(cancellationToken);
            Must(await client.RegisterAsync(null, cancellationToken));
            Must(await client.PublishSettingsAsync(manualAnswer: false, cancellationToken));
            Must(await client.SubscribeAffiliationAsync(cancellationToken));
            Must(await client.AffiliateAsync([Group], cancellationToken));
            await ExpectAsync(client, place, "affiliation", cancellationToken);
        }

        Must(await _alice.CallAsync(Group, implicitFloorRequest: false, cancellationToken));
        await ExpectAsync(_alice, _alicePlace, "idle", cancellationToken);
        await ExpectAsync(_bob, _bobPlace, "idle", cancellationToken);
        Must(_alice.Press(new FloorWish()));
        await ExpectAsync(_alice, _alicePlace, "granted", cancellationToken);
    }

    private async Task ExpectAsync(UeClient client, EventPlace place, string word, CancellationToken cancellationToken)
    {
        var found = await client.Events.WaitForAsync(place, happened => happened.Word == word, _patience, cancellationToken);
        Assert.True(found is not null, $"\"{word}\" did not come; happened:\n{string.Join('\n', client.Events.Since(0))}");
    }

    private static void Must(string? failure) => Assert.Null(failure);
}
