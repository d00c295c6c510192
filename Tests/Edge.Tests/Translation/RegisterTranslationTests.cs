using Mcptt.Protocol.Messages;
using Mcptt.Testing;
using static Mcptt.Edge.Tests.Translation.TranslationBench;

namespace Mcptt.Edge.Tests.Translation;

[Clause("RFC3261 10.3")]
public sealed class RegisterTranslationTests
{
    private const string Contact = "Contact: <sip:alice@192.0.2.10:5060>;+g.3gpp.mcptt;+sip.instance=\"<urn:uuid:f81d4fae>\"";

    private readonly TranslationBench _open = new(options => options with { Open = true });

    [Fact]
    public async Task In_the_open_a_register_becomes_a_command_of_the_user_in_from()
    {
        _open.Sink.Answer = command => FakeSink.Accept(new Accepted
        {
            Register = new RegisterResult { Bindings = { new Binding { Client = command.Ue.Register.Client, ExpiresAtUs = _open.Clock.NowUs + 3_600_000_000 } } },
        });

        var response = await _open.SendAsync(Request("REGISTER", "sip:198.51.100.1", to: "<sip:mcptt-server@198.51.100.1>", extra: Contact));

        Assert.Equal(200, response!.StatusCode);
        Assert.Equal("<sip:alice@192.0.2.10:5060>;expires=3600", response.Headers["Contact"]);
        var command = Assert.Single(_open.Sink.Commands);
        Assert.Equal("sip:REGISTER:z9hG4bKone:192.0.2.10:5060", command.CommandId);
        Assert.Equal((ActorKindName.Ue, Alice), (command.To.Kind, command.To.Id));
        var register = command.Ue.Register;
        Assert.True(register.AutoProvision);
        Assert.Equal(3600u, register.ExpiresS);
        Assert.Equal(("call1@192.0.2.10", 1u), (register.SipCallId, register.Cseq));
        Assert.Equal("urn:uuid:f81d4fae", register.Client.ClientId);
        Assert.Equal("sip:alice@192.0.2.10:5060", register.Client.ContactUri);
        Assert.True(register.Client.McpttClient);
        Assert.Equal(FlowFrom(AliceRemote), register.Client.Flow);
    }

    [Fact]
    public async Task A_plain_phone_gets_a_client_id_that_stays_the_same()
    {
        await _open.SendAsync(Request("REGISTER", extra: "Contact: sip:alice@192.0.2.10:5062;transport=udp"));
        await _open.SendAsync(Request("REGISTER", extra: "Contact: <sip:alice@192.0.2.10:5062>", branch: "z9hG4bKtwo", cseq: 2));

        var clients = _open.Sink.Commands.Select(command => command.Ue.Register.Client).ToList();
        Assert.StartsWith("phone-", clients[0].ClientId, StringComparison.Ordinal);
        Assert.Equal(clients[0].ClientId, clients[1].ClientId);
        Assert.False(clients[0].McpttClient);
    }

    [Fact]
    public async Task The_client_id_of_mcptt_info_goes_before_the_instance_id()
    {
        const string Info = "<mcpttinfo><mcptt-Params><mcptt-access-token>t</mcptt-access-token><mcptt-client-id>client-9</mcptt-client-id></mcptt-Params></mcpttinfo>";

        await _open.SendAsync(Request("REGISTER", extra: Contact, contentType: "application/vnd.3gpp.mcptt-info+xml", body: Info));

        Assert.Equal("client-9", Assert.Single(_open.Sink.Commands).Ue.Register.Client.ClientId);
    }

    [Theory]
    [InlineData("Contact: <sip:alice@192.0.2.10>;expires=120\nExpires: 600", 120u)]
    [InlineData("Contact: <sip:alice@192.0.2.10>\nExpires: 600", 600u)]
    [InlineData("Contact: <sip:alice@192.0.2.10>", 3600u)]
    [InlineData("Contact: <sip:alice@192.0.2.10>;expires=0", 0u)]
    [InlineData("Contact: <sip:alice@192.0.2.10>\nExpires: 9999999", 86_400u)]
    public async Task The_lifetime_comes_from_the_contact_then_expires_then_the_default_up_to_the_maximum(string headers, uint expected)
    {
        await _open.SendAsync(Request("REGISTER", extra: headers));

        Assert.Equal(expected, Assert.Single(_open.Sink.Commands).Ue.Register.ExpiresS);
    }

    [Fact]
    public async Task A_lifetime_under_the_minimum_is_refused_with_the_minimum()
    {
        var response = await _open.SendAsync(Request("REGISTER", extra: "Contact: <sip:alice@192.0.2.10>;expires=5"));

        Assert.Equal(423, response!.StatusCode);
        Assert.Equal("30", response.Headers["Min-Expires"]);
        Assert.Empty(_open.Sink.Commands);
    }

    [Fact]
    public async Task Without_contact_the_bindings_are_only_asked_for()
    {
        var response = await _open.SendAsync(Request("REGISTER"));

        Assert.Equal(200, response!.StatusCode);
        Assert.True(Assert.Single(_open.Sink.Commands).Ue.Register.Query);
    }

    [Fact]
    public async Task A_star_with_expires_0_ends_all_bindings()
    {
        var response = await _open.SendAsync(Request("REGISTER", extra: "Contact: *\nExpires: 0"));

        Assert.Equal(200, response!.StatusCode);
        Assert.True(Assert.Single(_open.Sink.Commands).Ue.Register.All);
    }

    [Theory]
    [InlineData("Contact: *\nExpires: 60")]
    [InlineData("Contact: <mailto:alice@example.org>")]
    public async Task A_contact_that_makes_no_sense_is_a_bad_request(string headers)
    {
        var response = await _open.SendAsync(Request("REGISTER", extra: headers));

        Assert.Equal(400, response!.StatusCode);
        Assert.Empty(_open.Sink.Commands);
    }

    [Fact]
    [Clause("RFC3327 5.3")]
    public async Task The_path_is_the_route_to_the_phone_and_is_repeated_in_the_answer()
    {
        var response = await _open.SendAsync(Request("REGISTER", extra: $"{Contact}\nPath: <sip:p1.example.org;lr>, <sip:p2.example.org;lr>"));

        Assert.Equal(["<sip:p1.example.org;lr>", "<sip:p2.example.org;lr>"], Assert.Single(_open.Sink.Commands).Ue.Register.Client.Route);
        Assert.Equal("<sip:p1.example.org;lr>, <sip:p2.example.org;lr>", response!.Headers["Path"]);
    }

    [Fact]
    [Clause("TS24.229 5.4.1.7")]
    public async Task A_third_party_register_of_the_core_binds_the_user_to_the_core()
    {
        var bench = new TranslationBench();
        const string Embedded = "REGISTER sip:example.org SIP/2.0\r\nVia: SIP/2.0/UDP 10.1.1.1;branch=z9hG4bKue\r\nMax-Forwards: 70\r\nFrom: <sip:alice@example.org>;tag=u\r\nTo: <sip:alice@example.org>\r\n"
            + "Call-ID: ue1\r\nCSeq: 7 REGISTER\r\nContact: <sip:alice@10.1.1.1>;+g.3gpp.mcptt;+sip.instance=\"<urn:uuid:ue-1>\"\r\nContent-Length: 0\r\n\r\n";
        var request = Request(
            "REGISTER",
            from: "<sip:scscf.example.org>;tag=s",
            to: $"<{Alice}>",
            extra: "Contact: <sip:scscf.example.org:6060>\nExpires: 300",
            contentType: "message/sip",
            body: Embedded);

        var response = await bench.SendAsync(request, "203.0.113.5:6060");

        Assert.Equal(200, response!.StatusCode);
        var register = Assert.Single(bench.Sink.Commands).Ue.Register;
        Assert.True(register.ThirdParty);
        Assert.Equal(300u, register.ExpiresS);
        Assert.Equal((Alice, "urn:uuid:ue-1", Alice), (register.Client.McpttId, register.Client.ClientId, register.Client.ContactUri));
        Assert.Equal(["<sip:scscf.example.org:6060;lr>"], register.Client.Route);
        Assert.True(register.Client.McpttClient);
        Assert.False(register.AutoProvision);
    }

    [Fact]
    public async Task A_third_party_register_from_somebody_else_is_challenged_or_refused()
    {
        var bench = new TranslationBench();

        var response = await bench.SendAsync(Request("REGISTER", from: "<sip:scscf.example.org>;tag=s", to: $"<{Alice}>", extra: Contact), "192.0.2.66:5060");

        Assert.Equal(403, response!.StatusCode);
        Assert.Empty(bench.Sink.Commands);
    }

    [Theory]
    [InlineData(RejectionCode.UserUnknown, 404)]
    [InlineData(RejectionCode.OutsideTime, 400)]
    public async Task A_rejection_is_answered_from_the_table(RejectionCode code, int status)
    {
        _open.Sink.Answer = _ => FakeSink.Reject(code, "old");

        Assert.Equal(status, (await _open.SendAsync(Request("REGISTER", extra: Contact)))!.StatusCode);
    }

    [Fact]
    public async Task While_the_journal_is_down_nothing_is_acknowledged()
    {
        _open.Sink.Answer = _ => FakeSink.Unavailable(UnavailableReason.Journal);

        var response = await _open.SendAsync(Request("REGISTER", extra: Contact));

        Assert.Equal(503, response!.StatusCode);
        Assert.NotNull(response.Headers["Retry-After"]);
    }

    [Fact]
    public async Task A_phone_that_was_given_our_address_registers_in_our_domain()
    {
        await _open.SendAsync(Request("REGISTER", from: "<sip:alice@198.51.100.1:5060>;tag=f", to: "<sip:alice@198.51.100.1:5060>", extra: Contact));

        Assert.Equal(Alice, Assert.Single(_open.Sink.Commands).To.Id);
    }
}
