using Mcptt.Edge.Outbox;
using Mcptt.Protocol.Messages;
using Mcptt.Protocol.Sip;
using Mcptt.Testing;

namespace Mcptt.Edge.Tests.Outbox;

[Clause("RFC3261 8.1.2")]
public sealed class NextHopTests
{
    [Theory]
    [InlineData("sip:alice@192.0.2.1:5080", Transport.Udp, "192.0.2.1:41000", "192.0.2.1:5080")] // behind no NAT: the Contact's port
    [InlineData("sip:alice@192.0.2.1", Transport.Udp, "192.0.2.1:41000", "192.0.2.1:5060")]
    [InlineData("sip:alice@[2001:db8::1]:5080", Transport.Udp, "[2001:db8::1]:41000", "[2001:db8::1]:5080")]
    [InlineData("sip:alice@10.0.0.7:5060", Transport.Udp, "192.0.2.1:41000", "192.0.2.1:41000")] // behind a NAT: back the way it came
    [InlineData("sip:alice@phone.example.org:5080", Transport.Udp, "192.0.2.1:41000", "192.0.2.1:41000")]
    [InlineData("sip:alice@192.0.2.1:5080", Transport.Tcp, "192.0.2.1:41000", "192.0.2.1:41000")] // a connection is what it is
    public void A_client_is_reached_at_its_contact_only_where_no_nat_is_between(string contact, Transport transport, string remote, string expected)
    {
        var flow = NextHop.ByFlow(To(contact, new Flow { Transport = transport, Remote = remote }));

        Assert.Equal(expected, flow?.Remote.ToString());
    }

    [Fact]
    public void A_route_counts_more_than_the_request_uri()
    {
        var request = To("sip:alice@192.0.2.1:5080", new Flow { Transport = Transport.Udp, Remote = "192.0.2.1:41000" });
        request.Message.Headers.Add(SipHeaderNames.Route, "<sip:proxy.example.org;lr>");

        Assert.Equal("192.0.2.1:41000", NextHop.ByFlow(request)?.Remote.ToString());
    }

    [Fact]
    public void Without_a_flow_there_is_none() => Assert.Null(NextHop.ByFlow(To("sip:alice@192.0.2.1", null)));

    private static OutboundRequest To(string contact, Flow? flow) => new(new RequestMessage(SipMethods.Invite, contact), "z9hG4bKx", flow);
}
