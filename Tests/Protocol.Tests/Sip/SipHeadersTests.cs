using Mcptt.Protocol.Sip;
using Mcptt.Testing;

namespace Mcptt.Protocol.Tests.Sip;

public class SipHeadersTests
{
    [Fact]
    [Clause("RFC3261 7.3.1")]
    public void Names_match_in_any_case_and_in_compact_form()
    {
        var headers = new SipHeaders().Add("v", "1").Add("VIA", "2").Add("X-Own", "3").Add("x-own", "4");
        Assert.Equal(["1", "2"], headers.All("Via"));
        Assert.Equal(["3", "4"], headers.All("X-OWN"));
        Assert.Equal(["Via", "Via", "X-Own", "x-own"], headers.Select(header => header.Name));
        Assert.Null(headers["Contact"]);
    }

    [Fact]
    public void Lists_split_at_commas_outside_quotes_and_brackets()
    {
        var headers = new SipHeaders().Add("Contact", "\"a,\\\",b\" <sip:c,d@e>,, <sip:f>;x=\",\" ,").Add("m", "<sip:g>");
        Assert.Equal(["\"a,\\\",b\" <sip:c,d@e>", "<sip:f>;x=\",\"", "<sip:g>"], headers.Elements("Contact"));
        Assert.True(new SipHeaders().Add("Supported", "path, Timer").HasToken("k", "timer"));
        Assert.False(new SipHeaders().Add("Supported", "timers").HasToken("k", "timer"));
    }

    [Fact]
    public void Set_replaces_all_of_a_name_and_Prepend_goes_before_them()
    {
        var headers = new SipHeaders().Add("Aa", "1").Add("Bb", "2").Add("Aa", "3").Prepend("Bb", "0").Set("Aa", "4").Add("Cc", "5").Remove("bB");
        Assert.Equal(["Aa: 4", "Cc: 5"], headers.Select(header => $"{header.Name}: {header.Value}"));
    }

    [Fact]
    public void A_value_cannot_smuggle_in_a_header()
    {
        var request = new RequestMessage("INFO", "sip:a@b");
        request.Headers.Add("Subject", "x\r\nInjected: yes\0");
        Assert.Equal("INFO sip:a@b SIP/2.0\r\nSubject: x  Injected: yes\r\nContent-Length: 0\r\n\r\n", request.ToString());
        Assert.Throws<ArgumentException>(() => request.Headers.Add("Bad name", "x"));
    }

    [Fact]
    public void Writer_states_the_length_of_the_body_whatever_the_headers_say()
    {
        var response = new ResponseMessage(200);
        response.Headers.Add("Content-Length", "7");
        response.SetBody("text/plain", "grün");
        Assert.Equal("SIP/2.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\ngrün", response.ToString());
        Assert.False(SipWriter.TryWrite(response, new byte[SipWriter.GetByteCount(response) - 1], out _));
    }

    [Fact]
    public void Typed_values_follow_changes_of_their_header()
    {
        var request = RequestMessage.Create("BYE", SipUri.Parse("sip:a@b"), NameAddr.Parse("<sip:me@b>;tag=1"), NameAddr.Parse("<sip:you@b>;tag=2"), "c", 3);
        Assert.Equal("1", request.From.Tag);
        request.From = NameAddr.Parse("<sip:me@b>;tag=9");
        Assert.Equal(("9", 3u, "BYE", 70), (request.From.Tag, request.CSeq.Number, request.CSeq.Method, request.MaxForwards));
        request.Headers.Prepend("Via", new Via(SipTransport.Tcp, "h", 5060, "z9hG4bK1").ToString());
        request.Headers.Prepend("Via", "SIP/2.0/UDP x, SIP/2.0/UDP y");
        request.RemoveTopVia();
        Assert.Equal(["y", "h:5060"], request.Vias.Select(via => via.SentBy));
        request.ReplaceTopVia(request.TopVia.With("received", "z"));
        Assert.Equal(["SIP/2.0/UDP y;received=z", "SIP/2.0/TCP h:5060;branch=z9hG4bK1"], request.Vias.Select(via => via.ToString()));
    }
}
