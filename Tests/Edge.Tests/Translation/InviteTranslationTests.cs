using Mcptt.Edge.Translation;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;
using static Mcptt.Edge.Tests.Translation.TranslationBench;

namespace Mcptt.Edge.Tests.Translation;

[Clause("TS24.379 10.1.1")]
public sealed class InviteTranslationTests
{
    private const string Contact = "Contact: <sip:alice@192.0.2.10:5060>;+g.3gpp.mcptt";

    private readonly TranslationBench _bench = new TranslationBench().WithAlice();

    [Fact]
    public async Task A_strict_invite_goes_to_the_group_of_its_mcptt_info()
    {
        var (outcome, _) = await _bench.RouteAsync(Strict(Info("prearranged", Group)));

        Assert.Null(outcome.Answer);
        var command = Assert.Single(_bench.Sink.Commands);
        Assert.Equal((ActorKindName.Group, Group), (command.To.Kind, command.To.Id));
        Assert.Equal((Alice, "call1@192.0.2.10"), (command.OnBehalfOf, command.CorrelationId));
        var route = command.Group.RouteGroupCall;
        Assert.Equal(McpttIds.NewCallId("sip:INVITE:z9hG4bKone:192.0.2.10:5060"), route.NewCallId);
        Assert.Equal(24, route.NewCallId.Length);
        Assert.Equal(route.NewCallId, outcome.CallId);
        Assert.Equal((Alice, "client-7", Group), (route.Invite.McpttId, route.Invite.ClientId, route.Invite.Target));
        Assert.Equal(SessionType.Prearranged, route.Invite.SessionType);
        Assert.Equal(Offer.TrimEnd(), route.Invite.SdpOffer.TrimEnd());
        Assert.True(route.Invite.Request.McpttClient);
        Assert.True(route.Invite.Emergency);
    }

    [Fact]
    public async Task The_session_timer_and_the_route_set_are_taken_over()
    {
        await _bench.RouteAsync(
            Strict(Info("prearranged", Group), "Supported: timer\nSession-Expires: 1800;refresher=uas\nMin-SE: 120\nRecord-Route: <sip:p1.example.org;lr>, <sip:p2.example.org;lr>"));

        var invite = Assert.Single(_bench.Sink.Commands).Group.RouteGroupCall.Invite;
        Assert.True(invite.SupportsTimer);
        Assert.Equal((1800u, "uas", 120u), (invite.SessionExpiresS, invite.Refresher, invite.MinSeS));
        Assert.Equal(["<sip:p1.example.org;lr>", "<sip:p2.example.org;lr>"], invite.RouteSet);
        Assert.Equal(2, invite.Request.RecordRoute.Count);
    }

    [Fact]
    public async Task A_plain_phone_dials_the_group()
    {
        await _bench.RouteAsync(Plain("sip:brigade@198.51.100.1:5060"));

        var invite = Assert.Single(_bench.Sink.Commands).Group.RouteGroupCall.Invite;
        Assert.Equal((Group, SessionType.Unspecified, false), (invite.Target, invite.SessionType, invite.Request.McpttClient));
    }

    [Fact]
    public async Task A_call_to_a_group_that_is_labelled_private_and_lists_the_group_goes_to_the_group()
    {
        await _bench.RouteAsync(Strict(Info("private", null), lists: [Group]));

        var invite = Assert.Single(_bench.Sink.Commands).Group.RouteGroupCall.Invite;
        Assert.Equal((Group, SessionType.Unspecified), (invite.Target, invite.SessionType));
    }

    [Fact]
    public async Task A_private_call_to_a_user_is_refused_as_not_supported()
    {
        _bench.Sink.Answer = _ => FakeSink.Reject(RejectionCode.GroupUnknown);

        var response = await _bench.SendAsync(Strict(Info("private", null), lists: ["sip:bob@example.org"]));

        Assert.Equal(403, response!.StatusCode);
        Assert.Contains("\"100 ", response.Headers["Warning"], StringComparison.Ordinal);
    }

    [Theory]
    [Clause("TS24.379 11.1.1.3")]
    [InlineData]
    [InlineData("sip:bob@example.org", "sip:carol@example.org")]
    public async Task A_list_without_exactly_one_entry_leaves_the_called_party_unknown(params string[] entries)
    {
        var response = await _bench.SendAsync(Strict(Info("private", null), lists: entries));

        Assert.Equal(403, response!.StatusCode);
        Assert.Contains("\"145 ", response.Headers["Warning"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_invite_to_the_server_itself_that_names_no_target_is_404()
    {
        var response = await _bench.SendAsync(Plain("sip:mcptt@example.org"));

        Assert.Equal(404, response!.StatusCode);
        Assert.Contains("\"142 ", response.Headers["Warning"], StringComparison.Ordinal);
    }

    [Theory]
    [Clause("TS24.379 10.1.1.4.3")]
    [InlineData(0, 200)]
    [InlineData(5, 404)]
    public async Task A_rejoin_by_session_identity_goes_to_the_group_while_the_call_lasts(long endedUs, int status)
    {
        const string CallId = "0123456789abcdef01234567";
        _bench.Sink.Answer = command => FakeSink.Accept(
            command.Call is null
                ? new Accepted { GroupCall = new GroupCallRouted { Call = CallId, Joined = true } }
                : new Accepted { Call = new CallView { Call = CallId, GroupId = Group, EndedUs = endedUs } });

        var (outcome, _) = await _bench.RouteAsync(Plain($"sip:call-{CallId}@198.51.100.1:5060;gr={CallId}"));

        Assert.Equal(status, outcome.Answer?.Status ?? 200);
        Assert.Equal(CallId, _bench.Sink.Commands[0].To.Id);
        Assert.Equal(status == 200, _bench.Sink.Commands is [_, { Group.RouteGroupCall.Invite.Target: Group }]);
    }

    [Theory]
    [InlineData("application/sdp", "v=0\nm=audio nonsense", 400)]
    [InlineData("application/sdp", "", 488)]
    [InlineData("text/html", "<p>", 415)]
    [InlineData("multipart/mixed;boundary=b1", "no boundary", 400)]
    [InlineData("application/vnd.3gpp.mcptt-info+xml", "<mcpttinfo>", 400)]
    public async Task A_body_that_cannot_be_used_is_refused_before_anything_happens(string type, string body, int status)
    {
        var response = await _bench.SendAsync(Request("INVITE", "sip:brigade@example.org", extra: Contact, contentType: type, body: body));

        Assert.Equal(status, response!.StatusCode);
        Assert.Empty(_bench.Sink.Commands);
    }

    [Fact]
    [Clause("TS24.379 4.8")]
    public async Task An_encrypted_element_is_refused_with_140()
    {
        const string Encrypted = "<mcpttinfo><mcptt-Params><mcptt-request-uri type=\"Encrypted\"><x/></mcptt-request-uri></mcptt-Params></mcpttinfo>";

        var response = await _bench.SendAsync(Strict(Encrypted));

        Assert.Equal(403, response!.StatusCode);
        Assert.Contains("\"140 ", response.Headers["Warning"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Require: 100rel, timer", 420, "Unsupported", "100rel")]
    [InlineData("Max-Forwards: 0", 483, null, null)]
    [InlineData("Via: SIP/2.0/UDP 198.51.100.1:5060;branch=z9hG4bKours", 482, null, null)]
    public async Task What_rfc_3261_checks_first_is_checked_first(string header, int status, string? name, string? value)
    {
        var request = Plain(Group, header);
        var response = await _bench.SendAsync(header.StartsWith("Max", StringComparison.Ordinal) ? request.Replace("Max-Forwards: 70\n", "", StringComparison.Ordinal) : request);

        Assert.Equal(status, response!.StatusCode);
        Assert.Equal(value, name is null ? null : response.Headers[name]);
    }

    [Fact]
    public async Task An_invite_from_a_stranger_is_challenged_also_for_a_registered_user()
    {
        _bench.WithPassword();

        var response = await _bench.SendAsync(Plain(Group), "192.0.2.66:5060");

        Assert.Equal(401, response!.StatusCode);
        Assert.Empty(_bench.Sink.Commands);
    }

    [Theory]
    [InlineData("192.0.2.10:9999", null)]
    [InlineData("192.0.2.66:5060", 404)]
    public async Task In_the_open_a_phone_may_call_from_another_port_but_not_from_another_host(string remote, int? status)
    {
        var open = new TranslationBench(options => options with { Open = true }).WithAlice();

        Assert.Equal(status, (await open.SendAsync(Plain(Group), remote))?.StatusCode);
    }

    [Fact]
    public async Task Only_a_trusted_upstream_may_assert_an_identity()
    {
        var asserted = Plain(Group, $"P-Asserted-Identity: <{Alice}>").Replace($"From: <{Alice}>", "From: <sip:anonymous@anonymous.invalid>", StringComparison.Ordinal);

        var (trusted, _) = await _bench.RouteAsync(asserted, "203.0.113.5:5060");
        var stranger = await _bench.SendAsync(asserted, "192.0.2.66:5060");

        Assert.Null(trusted.Answer);
        Assert.Equal(Alice, Assert.Single(_bench.Sink.Commands).Group.RouteGroupCall.Invite.McpttId);
        Assert.Equal(401, stranger!.StatusCode);
    }

    [Fact]
    public async Task An_asserted_user_without_binding_is_404_with_141()
    {
        var response = await _bench.SendAsync(Plain(Group, "P-Asserted-Identity: <sip:zoe@example.org>"), "203.0.113.5:5060");

        Assert.Equal(404, response!.StatusCode);
        Assert.Contains("\"141 ", response.Headers["Warning"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RejectionCode.GroupUnknown, 404, "\"113 ")]
    [InlineData(RejectionCode.NotAMember, 403, "\"116 ")]
    [InlineData(RejectionCode.GroupIsChat, 404, "\"118 ")]
    public async Task What_the_group_rejects_is_answered_from_the_table(RejectionCode code, int status, string warning)
    {
        _bench.Sink.Answer = _ => FakeSink.Reject(code);

        var response = await _bench.SendAsync(Plain(Group));

        Assert.Equal(status, response!.StatusCode);
        Assert.Contains(warning, response.Headers["Warning"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_actor_that_moves_is_asked_again_with_the_same_command_id()
    {
        var asked = 0;
        _bench.Sink.Answer = _ => ++asked < 3 ? FakeSink.Unavailable(UnavailableReason.Moved) : FakeSink.Accept();

        var routing = _bench.RouteAsync(Plain(Group));
        while (!routing.IsCompleted)
        {
            _bench.Clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        Assert.Null((await routing).Outcome.Answer);
        Assert.Equal(3, _bench.Sink.Commands.Count);
        Assert.Single(_bench.Sink.Commands.Select(command => command.CommandId).Distinct());
    }

    private static string Plain(string target, string extra = "") =>
        Request("INVITE", target, extra: $"Contact: <sip:alice@192.0.2.10:5060>\n{extra}", contentType: "application/sdp", body: Offer);

    private static string Strict(string info, string extra = "", string[]? lists = null)
    {
        var parts = new List<(string, string)> { ("application/sdp", Offer), ("application/vnd.3gpp.mcptt-info+xml", info) };
        if (lists is not null)
        {
            var entries = string.Concat(lists.Select(uri => $"<entry uri=\"{uri}\"/>"));
            parts.Add(("application/resource-lists+xml", $"<resource-lists xmlns=\"urn:ietf:params:xml:ns:resource-lists\"><list>{entries}</list></resource-lists>"));
        }

        return Request("INVITE", extra: $"{Contact}\n{extra}", contentType: "multipart/mixed;boundary=b1", body: Multipart([.. parts]));
    }

    private static string Info(string type, string? target) =>
        $"<mcpttinfo xmlns=\"urn:3gpp:ns:mcpttInfo:1.0\"><mcptt-Params><session-type>{type}</session-type>"
        + (target is null ? "" : $"<mcptt-request-uri type=\"Normal\"><mcpttURI>{target}</mcpttURI></mcptt-request-uri>")
        + "<emergency-ind type=\"Normal\"><mcpttBoolean>true</mcpttBoolean></emergency-ind>"
        + "<mcptt-client-id type=\"Normal\"><mcpttString>client-7</mcpttString></mcptt-client-id></mcptt-Params></mcpttinfo>";
}
