using Mcptt.Protocol.Mcptt;
using Mcptt.Protocol.Sip;
using Mcptt.Testing;
using Mcptt.Ue.Events;
using Mcptt.Ue.Signalling;
using Mcptt.Ue.Tests.Support;

namespace Mcptt.Ue.Tests;

public sealed class IncomingCallTests : ClientTestBase
{
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await RegisterAsync();
    }

    [Fact]
    [Clause("TS24.379 6.2.3.1.1")]
    public async Task An_INVITE_is_answered_by_itself_and_the_client_refreshes_the_session()
    {
        var answer = await AnswerAsync(Invite());
        Assert.Equal((200, new SessionExpires(1800, "uas")), (answer.StatusCode, answer.SessionExpires));
        Assert.True(answer.Contacts[0].HasFeature(McpttIdentifiers.McpttFeatureTag));
        var media = MessageBodies.Sdp(answer)!.Media;
        Assert.True(media[0].Port > 0 && media[1].Port > 0);
        Assert.True((await ExpectAsync("offered")).Has("group", Group));
        Assert.False((await ExpectAsync("established") as CallEstablished)?.Outgoing);
    }

    [Fact]
    public async Task BYE_ends_the_call_and_frees_the_client_for_the_next()
    {
        var invite = Invite();
        var answer = await AnswerAsync(invite);
        Assert.Equal(200, await StatusOfAsync(InDialog(SipMethods.Bye, invite, answer, 2)));
        await ExpectAsync("ended");
        Assert.Equal(200, (await AnswerAsync(Invite())).StatusCode);
    }

    [Fact]
    public async Task While_in_a_call_another_INVITE_is_busy()
    {
        await AnswerAsync(Invite());
        Assert.Equal(486, await StatusOfAsync(Invite()));
    }

    [Fact]
    public async Task Without_a_common_codec_it_is_488_and_the_client_is_free_again()
    {
        var invite = Invite();
        invite.SetBody(McpttMimeTypes.Sdp, Sdp().Replace("RTP/AVP 0", "RTP/AVP 18"));
        Assert.Equal(488, await StatusOfAsync(invite));
        await ExpectAsync("ended");
        Assert.Equal(200, (await AnswerAsync(Invite())).StatusCode);
    }

    [Fact]
    public async Task A_manual_client_rings_until_it_answers()
    {
        Server.On(SipMethods.Publish, 200);
        await Client.PublishSettingsAsync(manualAnswer: true, CancellationToken.None);
        var pending = Server.Send(Invite());
        await ExpectAsync("offered");
        Assert.False(pending.Outcome.IsCompleted);
        Assert.Null(await Client.AnswerAsync(CancellationToken.None));
        Assert.Equal(200, (await pending.Outcome).Response?.StatusCode);
        Assert.Equal("no INVITE waits for an answer", await Client.RejectAsync(486, CancellationToken.None));
    }

    [Fact]
    public async Task A_manual_client_may_reject()
    {
        await OpenAsync(options => options with { ManualAnswer = true });
        await RegisterAsync();
        var pending = Server.Send(Invite());
        await ExpectAsync("offered");
        Assert.Null(await Client.RejectAsync(480, CancellationToken.None));
        Assert.Equal(480, (await pending.Outcome).Response?.StatusCode);
        await ExpectAsync("ended");
    }

    [Fact]
    [Clause("RFC3261 9.2")]
    public async Task CANCEL_ends_the_ringing_with_487()
    {
        await OpenAsync(options => options with { ManualAnswer = true });
        await RegisterAsync();
        var pending = Server.Send(Invite());
        await ExpectAsync("offered");
        pending.Cancel();
        Assert.Equal(487, (await pending.Outcome).Response?.StatusCode);
        Assert.True((await ExpectAsync("ended")).Has("cause", "cancelled"));
    }

    [Fact]
    [Clause("RFC3261 14.2")]
    public async Task A_re_INVITE_is_answered_with_the_same_ports()
    {
        var invite = Invite();
        var answer = await AnswerAsync(invite);
        var again = InDialog(SipMethods.Invite, invite, answer, 2);
        again.Headers.Set(SipHeaderNames.Contact, "<sip:call-1@192.0.2.2>");
        again.SetBody(McpttMimeTypes.Sdp, Sdp(11, 13));
        var outcome = (await Server.SendAsync(again)).Response;
        Assert.Equal(200, outcome?.StatusCode);
        Assert.Equal(MessageBodies.Sdp(answer)!.Media[0].Port, MessageBodies.Sdp(outcome!)!.Media[0].Port);
    }

    [Fact]
    [Clause("RFC4028 9")]
    public async Task An_UPDATE_refreshes_the_session()
    {
        var invite = Invite();
        var answer = await AnswerAsync(invite);
        var update = InDialog(SipMethods.Update, invite, answer, 2);
        update.Headers.Set(SipHeaderNames.SessionExpires, "1800;refresher=uac");
        var response = (await Server.SendAsync(update)).Response;
        Assert.Equal((200, new SessionExpires(1800, "uac")), (response?.StatusCode, response?.SessionExpires));
        Assert.Contains("timer", response!.Require);
    }

    [Fact]
    [Clause("RFC3261 12.2.2")]
    public async Task Requests_of_no_dialog_or_out_of_order_are_refused()
    {
        var invite = Invite();
        var answer = await AnswerAsync(invite);
        var stranger = InDialog(SipMethods.Bye, invite, answer, 2);
        stranger.To = stranger.To.WithTag("other");
        Assert.Equal(481, await StatusOfAsync(stranger));
        Assert.Equal(500, await StatusOfAsync(InDialog(SipMethods.Bye, invite, answer, 0)));
    }

    [Theory]
    [InlineData(SipMethods.Options, 200)]
    [InlineData(SipMethods.Message, 405)]
    [InlineData("DANCE", 405)]
    public async Task Requests_outside_a_call_are_answered(string method, int status) => Assert.Equal(status, await StatusOfAsync(Request(method, "c1", 1)));

    [Fact]
    [Clause("RFC3261 8.2.2.3")]
    public async Task A_required_extension_that_is_unknown_is_named()
    {
        var invite = Invite();
        invite.Headers.Add(SipHeaderNames.Require, "100rel");
        var response = (await Server.SendAsync(invite)).Response;
        Assert.Equal((420, "100rel"), (response?.StatusCode, response?.Headers[SipHeaderNames.Unsupported]));
    }

    [Fact]
    [Clause("RFC3261 13.2.1")]
    public async Task An_INVITE_without_offer_is_answered_with_one_and_the_ACK_brings_the_answer()
    {
        var invite = Invite();
        invite.SetBody(McpttMimeTypes.McpttInfo, new McpttInfo { CallingGroupId = Group }.ToBytes());
        var response = (await Server.SendAsync(invite)).Response;
        Assert.Equal(200, response?.StatusCode);
        Assert.NotNull(MessageBodies.Sdp(response!));
        var ack = Ack(invite, response!);
        ack.SetBody(McpttMimeTypes.Sdp, Sdp());
        await Server.AckAsync(ack);
        await ExpectAsync("established");
    }

    private async Task<ResponseMessage> AnswerAsync(RequestMessage invite)
    {
        var response = (await Server.SendAsync(invite)).Response;
        Assert.NotNull(response);
        await Server.AckAsync(Ack(invite, response));
        return response;
    }

    private async Task<int?> StatusOfAsync(RequestMessage request) => (await Server.SendAsync(request)).Response?.StatusCode;

    private static RequestMessage Ack(RequestMessage invite, ResponseMessage answer) =>
        RequestMessage.Create(SipMethods.Ack, answer.Contacts[0].Uri!, invite.From, answer.To, invite.CallId, invite.CSeq.Number);

    private static RequestMessage InDialog(string method, RequestMessage invite, ResponseMessage answer, uint cseq) =>
        RequestMessage.Create(method, answer.Contacts[0].Uri!, invite.From, answer.To, invite.CallId, cseq);

    private static RequestMessage Invite()
    {
        var invite = Request(SipMethods.Invite, Guid.NewGuid().ToString("N"), 1);
        invite.Headers
            .Add(SipHeaderNames.Contact, "<sip:call-1@192.0.2.1;gr=1>;isfocus")
            .Add(SipHeaderNames.Supported, "timer")
            .Add(SipHeaderNames.SessionExpires, "1800");
        var info = new McpttInfo { SessionType = "prearranged", RequestUri = User, CallingUserId = "sip:bob@example.org", CallingGroupId = Group };
        var (contentType, body) = MultipartBody.Build(
            [Part(McpttMimeTypes.McpttInfo, info.ToBytes()), Part(McpttMimeTypes.Sdp, System.Text.Encoding.UTF8.GetBytes(Sdp()))]);
        invite.SetBody(contentType, body);
        return invite;
    }

    private static BodyPart Part(string type, byte[] content) => new(new MediaType(type.Split('/')[0], type.Split('/')[1], SipParameters.None), content);

    private static RequestMessage Request(string method, string callId, uint cseq) =>
        RequestMessage.Create(
            method, SipUri.Parse("sip:alice@127.0.0.1"), NameAddr.Parse("<sip:mcptt@example.org>;tag=srv"), NameAddr.Parse($"<{User}>"), callId, cseq);
}
