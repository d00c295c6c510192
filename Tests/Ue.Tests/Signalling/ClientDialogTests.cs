using Mcptt.Protocol.Sip;
using Mcptt.Testing;
using Mcptt.Ue.Signalling;

namespace Mcptt.Ue.Tests.Signalling;

[Clause("RFC3261 12")]
public sealed class ClientDialogTests
{
    private static readonly NameAddr Us = NameAddr.Parse("<sip:alice@example.org>;tag=us");
    private static readonly NameAddr Them = NameAddr.Parse("<sip:mcptt@example.org>");

    [Fact]
    [Clause("RFC3261 12.1.2")]
    public void A_calling_client_takes_the_route_backwards_and_the_remote_target_from_the_answer()
    {
        var invite = RequestMessage.Create(SipMethods.Invite, SipUri.Parse("sip:mcptt@example.org"), Us, Them, "call", 7);
        var answer = invite.CreateResponse(200, null, "them");
        answer.Headers.Add(SipHeaderNames.RecordRoute, "<sip:p2;lr>, <sip:p1;lr>").Add(SipHeaderNames.Contact, "<sip:call-1@192.0.2.1>;isfocus");
        var dialog = ClientDialog.FromAnswer(invite, answer);

        var bye = dialog.CreateRequest(SipMethods.Bye);
        Assert.Equal(("sip:call-1@192.0.2.1", 8u, "us", "them"), (bye.RequestUriText, bye.CSeq.Number, bye.From.Tag, bye.To.Tag));
        Assert.Equal(["sip:p1;lr", "sip:p2;lr"], bye.Routes.Select(route => route.UriText));
        Assert.Equal((7u, SipMethods.Ack), (dialog.CreateAck(7).CSeq.Number, dialog.CreateAck(7).Method));
    }

    [Fact]
    [Clause("RFC3261 12.1.1")]
    public void A_called_client_takes_the_route_as_it_stands()
    {
        var dialog = Called();
        var bye = dialog.CreateRequest(SipMethods.Bye);
        Assert.Equal(["sip:p1;lr", "sip:p2;lr"], bye.Routes.Select(route => route.UriText));
        Assert.Equal(("sip:call-1@192.0.2.1", "local", "them", 1u), (bye.RequestUriText, bye.From.Tag, bye.To.Tag, bye.CSeq.Number));
    }

    [Fact]
    [Clause("RFC3261 12.2.2")]
    public void An_older_number_is_refused_and_a_newer_one_taken()
    {
        var dialog = Called();
        Assert.True(dialog.TryTakeCSeq(12));
        Assert.False(dialog.TryTakeCSeq(11));
        Assert.True(dialog.TryTakeCSeq(13));
    }

    [Fact]
    public void A_request_belongs_to_it_by_Call_ID_and_both_tags()
    {
        var dialog = Called();
        var theirs = NameAddr.Parse("<sip:mcptt@example.org>;tag=them");
        var ours = NameAddr.Parse("<sip:alice@example.org>;tag=local");
        Assert.True(dialog.Holds(RequestMessage.Create(SipMethods.Bye, SipUri.Parse("sip:a@b"), theirs, ours, "call", 12)));
        Assert.False(dialog.Holds(RequestMessage.Create(SipMethods.Bye, SipUri.Parse("sip:a@b"), theirs, ours, "other", 12)));
        Assert.False(dialog.Holds(RequestMessage.Create(SipMethods.Bye, SipUri.Parse("sip:a@b"), theirs, ours.WithTag("x"), "call", 12)));
        Assert.False(dialog.Holds(RequestMessage.Create(SipMethods.Bye, SipUri.Parse("sip:a@b"), theirs.WithTag("x"), ours, "call", 12)));
    }

    private static ClientDialog Called()
    {
        var invite = RequestMessage.Create(
            SipMethods.Invite, SipUri.Parse("sip:alice@192.0.2.9"), NameAddr.Parse("<sip:mcptt@example.org>;tag=them"), NameAddr.Parse("<sip:alice@example.org>"), "call", 12);
        invite.Headers.Add(SipHeaderNames.RecordRoute, "<sip:p1;lr>, <sip:p2;lr>").Add(SipHeaderNames.Contact, "<sip:call-1@192.0.2.1>");
        return ClientDialog.FromRequest(invite, "local");
    }
}
