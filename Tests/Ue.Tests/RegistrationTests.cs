using Mcptt.Protocol.Mcptt;
using Mcptt.Protocol.Sip;
using Mcptt.Testing;
using Mcptt.Ue.Events;
using Mcptt.Ue.Signalling;
using Mcptt.Ue.Tests.Support;

namespace Mcptt.Ue.Tests;

public sealed class RegistrationTests : ClientTestBase
{
    [Fact]
    [Clause("TS24.379 7.2.1")]
    public async Task A_registration_answers_the_challenge_and_names_the_service()
    {
        Server.On(SipMethods.Register, request => request.Credentials().Count == 0 ? Challenge(request) : request.CreateResponse(200, null, "srv"));
        Assert.Null(await Client.RegisterAsync(TimeSpan.FromMinutes(10), CancellationToken.None));
        var first = await Server.TakeAsync(SipMethods.Register);
        var second = await Server.TakeAsync(SipMethods.Register);

        Assert.Equal(("sip:example.org", 600u), (second.RequestUriText, second.ExpiresSeconds));
        Assert.Equal((first.CallId, first.CSeq.Number + 1), (second.CallId, second.CSeq.Number));
        var contact = Assert.Single(second.Contacts);
        Assert.True(contact.HasFeature(McpttIdentifiers.McpttFeatureTag));
        Assert.Equal(McpttIdentifiers.IcsiInFeatureTag, contact.Parameters[McpttIdentifiers.IcsiRefFeatureTag]);
        Assert.Equal("registered", (await ExpectAsync("registered")).Word);
        Assert.True(Client.IsRegistered);
    }

    [Fact]
    [Clause("RFC7616 3.4")]
    public async Task Later_requests_carry_credentials_at_once()
    {
        await A_registration_answers_the_challenge_and_names_the_service();
        Server.On(SipMethods.Publish, 200);
        Assert.Null(await Client.AffiliateAsync([Group], CancellationToken.None));
        var credentials = Assert.Single((await Server.TakeAsync(SipMethods.Publish)).Credentials());
        Assert.Equal(("alice", "00000002"), (credentials["username"], credentials["nc"]));
    }

    [Fact]
    [Clause("RFC7616 3.3")]
    public async Task Refused_credentials_are_not_sent_again()
    {
        var requests = 0;
        Server.On(SipMethods.Register, request =>
        {
            requests++;
            return Challenge(request);
        });
        Assert.Equal("register-failed: 401 Unauthorized", await Client.RegisterAsync(null, CancellationToken.None));
        Assert.Equal(2, requests);
        Assert.False(Client.IsRegistered);
    }

    [Fact]
    public async Task A_stale_nonce_is_answered_once_more()
    {
        var requests = 0;
        Server.On(SipMethods.Register, request => ++requests switch
        {
            1 => Challenge(request),
            2 => Challenge(request, ", stale=true"),
            _ => request.CreateResponse(200, null, "srv"),
        });
        Assert.Null(await Client.RegisterAsync(null, CancellationToken.None));
    }

    [Fact]
    [Clause("RFC3261 10.2.2")]
    public async Task Unregister_ends_the_binding()
    {
        await RegisterAsync();
        Assert.Null(await Client.UnregisterAsync(CancellationToken.None));
        await Server.TakeAsync(SipMethods.Register);
        Assert.Equal(0u, (await Server.TakeAsync(SipMethods.Register)).ExpiresSeconds);
        Assert.False(Client.IsRegistered);
        await ExpectAsync("unregistered");
    }

    [Fact]
    [Clause("TS24.379 9.2.1.2")]
    public async Task Affiliation_publishes_the_whole_set_of_the_client()
    {
        Server.On(SipMethods.Publish, 200);
        Assert.Null(await Client.AffiliateAsync([Group, "sip:other@example.org"], CancellationToken.None));
        var publish = await Server.TakeAsync(SipMethods.Publish);
        Assert.Equal(("presence", 4294967295u, "sip:mcptt@example.org"), (publish.Event?.Name, publish.ExpiresSeconds, publish.RequestUriText));
        Assert.Equal(McpttIdentifiers.Icsi, publish.Headers[SipHeaderNames.PPreferredService]);
        Assert.Equal(User, MessageBodies.Info(publish)?.RequestUri);
        var pidf = MessageBodies.Pidf(publish);
        Assert.Equal(User, pidf?.Entity);
        Assert.Equal([Group, "sip:other@example.org"], Assert.Single(pidf!.Tuples).Affiliations.Select(affiliation => affiliation.Group));

        Assert.Null(await Client.AffiliateAsync([], CancellationToken.None));
        Assert.Equal(0u, (await Server.TakeAsync(SipMethods.Publish)).ExpiresSeconds);
    }

    [Fact]
    [Clause("TS24.379 7.2.2")]
    public async Task Settings_bind_the_client_and_tell_how_it_answers()
    {
        Server.On(SipMethods.Publish, 200);
        Assert.Null(await Client.PublishSettingsAsync(manualAnswer: true, CancellationToken.None));
        var publish = await Server.TakeAsync(SipMethods.Publish);
        Assert.Equal("poc-settings", publish.Event?.Name);
        Assert.StartsWith("urn:uuid:", MessageBodies.Info(publish)?.ClientId);
        Assert.Contains(McpttMimeTypes.PocSettings, publish.ToString());
    }

    [Fact]
    [Clause("TS24.379 9.2.1.3")]
    public async Task A_NOTIFY_of_the_subscription_tells_each_affiliation_and_another_is_481()
    {
        Server.On(SipMethods.Subscribe, 200);
        Assert.Null(await Client.SubscribeAffiliationAsync(CancellationToken.None));
        var subscribe = await Server.TakeAsync(SipMethods.Subscribe);
        var pidf = new AffiliationPidf(User, [new PidfTuple("client", [new PidfAffiliation(Group, "affiliated")])]);
        var notify = Notify(subscribe, subscribe.From);
        notify.SetBody(McpttMimeTypes.Pidf, pidf.ToBytes());
        Assert.Equal(200, (await Server.SendAsync(notify)).Response?.StatusCode);
        var told = Assert.IsType<AffiliationStatusChanged>(await ExpectAsync("affiliation"));
        Assert.Equal((Group, "affiliated", "client"), (told.Group, told.Status, told.ClientId));
        Assert.Equal(481, (await Server.SendAsync(Notify(subscribe, subscribe.From.WithTag("other")))).Response?.StatusCode);
    }

    private static RequestMessage Notify(RequestMessage subscribe, NameAddr to)
    {
        var notify = RequestMessage.Create(SipMethods.Notify, subscribe.Contacts[0].Uri!, subscribe.To.WithTag("srv"), to, subscribe.CallId, 1);
        notify.Headers.Add(SipHeaderNames.Event, "presence").Add("Subscription-State", "active");
        return notify;
    }

    private static ResponseMessage Challenge(RequestMessage request, string more = "")
    {
        var response = request.CreateResponse(401, null, "srv");
        response.Headers.Add(SipHeaderNames.WwwAuthenticate, $"Digest realm=\"example.org\", nonce=\"n\", algorithm=SHA-256, qop=\"auth\"{more}");
        return response;
    }
}
