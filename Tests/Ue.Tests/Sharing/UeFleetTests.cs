using System.Collections.Concurrent;
using System.Net;
using Mcptt.Protocol.Sip;
using Mcptt.Testing;
using Mcptt.Ue.Sharing;
using Mcptt.Ue.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Ue.Tests.Sharing;

public sealed class UeFleetTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ScriptedServer _one = new();
    private readonly ScriptedServer _two = new();
    private readonly ConcurrentQueue<string> _changes = new();
    private UeFleet? _fleet;

    public async Task InitializeAsync()
    {
        await _one.StartAsync();
        await _two.StartAsync();
        _one.On(SipMethods.Options, 200);
        _two.On(SipMethods.Options, 200);
    }

    public async Task DisposeAsync()
    {
        if (_fleet is not null)
        {
            await _fleet.DisposeAsync();
        }

        await _one.DisposeAsync();
        await _two.DisposeAsync();
    }

    [Fact]
    public async Task Clients_of_one_socket_each_get_what_is_theirs()
    {
        _one.On(SipMethods.Register, 200);
        var fleet = await StartAsync(_one);
        var (alice, bob) = (await ClientAsync(fleet, "alice", 0), await ClientAsync(fleet, "bob", 1));
        Assert.Null(await alice.RegisterAsync(null, CancellationToken.None));
        var contact = (await _one.TakeAsync(SipMethods.Register)).Contacts[0].Uri!; // A REGISTER of ours has one.
        Assert.Null(await bob.RegisterAsync(null, CancellationToken.None));
        Assert.Equal(contact.Port, (await _one.TakeAsync(SipMethods.Register)).Contacts[0].Uri!.Port);

        var invite = RequestMessage.Create(SipMethods.Invite, contact, new NameAddr(SipUri.Parse("sip:group@example.org")).WithTag("t"), new NameAddr(contact), "call-1", 1);
        invite.Headers.Add(SipHeaderNames.Contact, "<sip:call@127.0.0.1>");
        var outcome = await _one.SendAsync(invite);

        Assert.Equal(200, outcome.Response!.StatusCode);
        Assert.True(alice.HasCall);
        Assert.False(bob.HasCall);
    }

    [Fact]
    public async Task A_request_to_a_user_that_is_not_here_is_answered_404()
    {
        _one.On(SipMethods.Register, 200);
        var fleet = await StartAsync(_one);
        var alice = await ClientAsync(fleet, "alice", 0);
        await alice.RegisterAsync(null, CancellationToken.None);
        var contact = SipUri.Create("nobody", "127.0.0.1", 5060);

        var outcome = await _one.SendAsync(RequestMessage.Create(SipMethods.Message, contact, new NameAddr(contact).WithTag("t"), new NameAddr(contact), "call-2", 1));

        Assert.Equal(404, outcome.Response!.StatusCode);
    }

    [Fact]
    [Clause("RFC3263 4.3")]
    public async Task A_server_that_answers_503_sends_its_client_to_the_next_which_keeps_it()
    {
        _one.On(SipMethods.Register, 503).On(SipMethods.Publish, 200);
        _two.On(SipMethods.Register, 200).On(SipMethods.Publish, 200);
        var fleet = await StartAsync(_one, _two);
        var alice = await ClientAsync(fleet, "alice", 0);

        Assert.Null(await alice.RegisterAsync(null, CancellationToken.None));
        Assert.Null(await alice.PublishSettingsAsync(manualAnswer: false, CancellationToken.None));

        var (refused, taken) = (await _one.TakeAsync(SipMethods.Register), await _two.TakeAsync(SipMethods.Register));
        Assert.Equal(refused.CallId, taken.CallId);
        Assert.NotEqual(refused.TopVia.Branch, taken.TopVia.Branch);
        await _two.TakeAsync(SipMethods.Publish);
    }

    [Fact]
    [Clause("RFC3263 4.3")]
    public async Task A_silent_server_is_passed_over_and_used_again_when_it_answers()
    {
        _one.On(SipMethods.Options, _ => null);
        _two.On(SipMethods.Register, 200);
        var fleet = await StartAsync(_one, _two);
        var alice = await ClientAsync(fleet, "alice", 0);

        Assert.Null(await alice.RegisterAsync(null, CancellationToken.None).WaitAsync(Patience));
        Assert.True(SpinWait.SpinUntil(() => _changes.Any(change => change.StartsWith($"{_one.Endpoint} no answer", StringComparison.Ordinal)), Patience));

        _one.On(SipMethods.Options, 200);
        Assert.True(SpinWait.SpinUntil(() => _changes.Contains($"{_one.Endpoint} back"), Patience));
    }

    // A BYE, say: who was slow has ended the dialog that the next one does not know any more.
    [Fact]
    public async Task When_the_next_server_knows_no_such_dialog_the_late_answer_of_the_slow_one_counts()
    {
        RequestMessage? slow = null;
        _one.On(SipMethods.Publish, request =>
        {
            slow = request;
            return null;
        });
        _two.On(SipMethods.Publish, request =>
        {
            _one.Respond(slow!, 200); // It had the request first.
            return request.CreateResponse(481, null, "srv");
        });
        var alice = await ClientAsync(await StartAsync(_one, _two), "alice", 0);

        Assert.Null(await alice.PublishSettingsAsync(manualAnswer: false, CancellationToken.None).WaitAsync(Patience));
        Assert.NotNull(slow);
        await _two.TakeAsync(SipMethods.Publish);
    }

    [Fact]
    public async Task When_no_server_knows_the_dialog_that_is_the_answer()
    {
        _one.On(SipMethods.Publish, _ => null);
        _two.On(SipMethods.Publish, 481);
        var alice = await ClientAsync(await StartAsync(_one, _two), "alice", 0);

        Assert.Contains("481", await alice.PublishSettingsAsync(manualAnswer: false, CancellationToken.None).WaitAsync(Patience), StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_every_server_refuses_the_last_refusal_is_the_answer()
    {
        _one.On(SipMethods.Register, 503);
        _two.On(SipMethods.Register, 503);
        var fleet = await StartAsync(_one, _two);

        var failure = await (await ClientAsync(fleet, "alice", 1)).RegisterAsync(null, CancellationToken.None).WaitAsync(Patience);

        Assert.Contains("503", failure, StringComparison.Ordinal);
    }

    private async Task<UeFleet> StartAsync(params ScriptedServer[] servers)
    {
        _fleet = UeFleet.Create(
            new UeFleetOptions
            {
                Servers = [.. servers.Select(server => server.Endpoint)],
                MediaLines = 2,
                FailoverAfter = TimeSpan.FromSeconds(1),
                ProbeInterval = TimeSpan.FromMilliseconds(100),
                ServerChanged = (server, why) => _changes.Enqueue($"{server} {why ?? "back"}"),
            },
            TimeProvider.System, NullLoggerFactory.Instance);
        await _fleet.StartAsync(CancellationToken.None);
        return _fleet;
    }

    private static async Task<UeClient> ClientAsync(UeFleet fleet, string name, int index)
    {
        var client = fleet.CreateClient(new UeOptions { User = SipUri.Parse($"sip:{name}@example.org"), Server = new IPEndPoint(IPAddress.None, 0) }, index, index);
        await client.StartAsync(CancellationToken.None);
        return client;
    }
}
