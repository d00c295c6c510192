using Mcptt.Protocol.Messages;
using Mcptt.Testing;
using static Mcptt.Edge.Tests.Translation.TranslationBench;

namespace Mcptt.Edge.Tests.Translation;

public sealed class PublishAndSubscribeTests
{
    private const string Presence = "Event: presence\nExpires: 4294967295";

    private readonly TranslationBench _bench = new TranslationBench().WithAlice();

    [Fact]
    [Clause("TS24.379 9.2.2.2.3")]
    public async Task A_published_affiliation_is_the_whole_set_of_the_client()
    {
        var response = await _bench.SendAsync(Publish(Presence, Pidf(Alice, "client-7", Group, "sip:Rescue@EXAMPLE.org;user=group")));

        Assert.Equal(200, response!.StatusCode);
        Assert.Equal("4294967295", response.Headers["Expires"]);
        Assert.NotNull(response.Headers["SIP-ETag"]);
        var body = Assert.Single(_bench.Sink.Commands).Ue.PublishAffiliation;
        Assert.Equal(("client-7", 4294967295u), (body.ClientId, body.ExpiresS));
        Assert.Equal([Group, "sip:Rescue@example.org"], body.GroupIds);
    }

    [Fact]
    public async Task A_publication_ends_by_its_entity_tag_without_body()
    {
        var tag = (await _bench.SendAsync(Publish(Presence, Pidf(Alice, "client-7", Group))))!.Headers["SIP-ETag"];

        var response = await _bench.SendAsync(Request("PUBLISH", extra: $"Event: presence\nExpires: 0\nSIP-If-Match: {tag}", branch: "z9hG4bKend", cseq: 2));

        Assert.Equal(200, response!.StatusCode);
        var body = _bench.Sink.Commands[^1].Ue.PublishAffiliation;
        Assert.Equal(("client-7", 0u, 0), (body.ClientId, body.ExpiresS, body.GroupIds.Count));
    }

    [Fact]
    [Clause("RFC3903 4.1")]
    public async Task A_refresh_without_body_is_told_to_publish_anew() =>
        Assert.Equal(412, (await _bench.SendAsync(Request("PUBLISH", extra: $"{Presence}\nSIP-If-Match: x")))!.StatusCode);

    [Fact]
    public async Task A_presentity_that_is_not_the_caller_changes_nothing()
    {
        var response = await _bench.SendAsync(Publish(Presence, Pidf("sip:bob@example.org", "client-7", Group)));

        Assert.Equal(200, response!.StatusCode);
        Assert.Empty(_bench.Sink.Commands);
    }

    [Fact]
    public async Task The_affiliations_of_another_user_are_not_authorised()
    {
        var response = await _bench.SendAsync(Publish(Presence, Pidf(Alice, "client-7", Group), served: "sip:bob@example.org"));

        Assert.Equal(403, response!.StatusCode);
        Assert.Contains("\"100 ", response.Headers["Warning"], StringComparison.Ordinal);
        Assert.Empty(_bench.Sink.Commands);
    }

    [Fact]
    [Clause("TS24.379 7.3.3")]
    public async Task Settings_are_published_with_the_answer_mode()
    {
        const string Settings = "<poc-settings xmlns=\"urn:oma:params:xml:ns:poc:poc-settings\"><entity id=\"x\"><am-settings><answer-mode>manual</answer-mode></am-settings></entity></poc-settings>";

        var response = await _bench.SendAsync(Publish("Event: poc-settings\nExpires: 4294967295", ("application/poc-settings+xml", Settings)));

        Assert.Equal(200, response!.StatusCode);
        var body = Assert.Single(_bench.Sink.Commands).Ue.PublishSettings;
        Assert.Equal(("client-7", true), (body.ClientId, body.ManualAnswer));
    }

    [Fact]
    public async Task An_interval_that_the_user_actor_finds_too_brief_is_423()
    {
        _bench.Sink.Answer = _ => new Reply { Rejection = new Rejection { Code = RejectionCode.IntervalTooBrief, MinimumS = 4294967295 } };

        var response = await _bench.SendAsync(Publish("Event: presence\nExpires: 60", Pidf(Alice, "client-7", Group)));

        Assert.Equal((423, "4294967295"), (response!.StatusCode, response.Headers["Min-Expires"]));
    }

    [Theory]
    [InlineData("PUBLISH", "Event: dialog")]
    [InlineData("PUBLISH", "")]
    [InlineData("SUBSCRIBE", "Event: conference\nContact: <sip:alice@192.0.2.10>")]
    public async Task An_event_package_that_is_not_served_is_489(string method, string headers)
    {
        var response = await _bench.SendAsync(Request(method, extra: headers));

        Assert.Equal(489, response!.StatusCode);
        Assert.Contains("presence", response.Headers["Allow-Events"], StringComparison.Ordinal);
    }

    [Fact]
    [Clause("TS24.379 9.2.2.2.4")]
    public async Task A_subscription_to_the_own_affiliations_gets_the_tag_of_the_dialog()
    {
        _bench.Sink.Answer = _ => FakeSink.Accept(new Accepted { Affiliation = new AffiliationAccepted { LocalTag = "sub-1", ExpiresS = 3600 } });

        var response = await _bench.SendAsync(Request("SUBSCRIBE", extra: "Event: presence\nExpires: 7200\nContact: <sip:alice@192.0.2.10:5060>\nRecord-Route: <sip:p.example.org;lr>"));

        Assert.Equal((200, "3600", "sub-1"), (response!.StatusCode, response.Headers["Expires"], response.To.Tag));
        Assert.Equal("<sip:mcptt@198.51.100.1:5060>", response.Headers["Contact"]);
        var body = Assert.Single(_bench.Sink.Commands).Ue.SubscribeAffiliation;
        Assert.Equal(("sip:alice@192.0.2.10:5060", 7200u), (body.ContactUri, body.ExpiresS));
        Assert.Equal(["<sip:p.example.org;lr>"], body.RouteSet);
    }

    [Fact]
    public async Task Watching_another_user_is_not_authorised()
    {
        var response = await _bench.SendAsync(Request("SUBSCRIBE", "sip:bob@example.org", extra: "Event: presence\nContact: <sip:alice@192.0.2.10:5060>"));

        Assert.Equal(403, response!.StatusCode);
    }

    private static string Publish(string headers, (string Type, string Body) document, string? served = null)
    {
        var info = "<mcpttinfo><mcptt-Params>" + (served is null ? "" : $"<mcptt-request-uri>{served}</mcptt-request-uri>")
            + "<mcptt-client-id>client-7</mcptt-client-id></mcptt-Params></mcpttinfo>";
        return Request(
            "PUBLISH",
            extra: headers,
            contentType: "multipart/mixed;boundary=b1",
            body: Multipart(("application/vnd.3gpp.mcptt-info+xml", info), document));
    }

    private static (string Type, string Body) Pidf(string entity, string client, params string[] groups) =>
        ("application/pidf+xml",
            $"<presence xmlns=\"urn:ietf:params:xml:ns:pidf\" entity=\"{entity}\"><tuple id=\"{client}\"><status>"
            + string.Concat(groups.Select(group => $"<a:affiliation xmlns:a=\"urn:3gpp:ns:mcpttPresInfo:1.0\" group=\"{group}\"/>"))
            + "</status></tuple></presence>");
}
