using System.Buffers;
using System.Text;
using Mcptt.Protocol.Sip;

namespace Mcptt.Benchmarks;

/// <summary>
/// Parse and write a 1 kB INVITE and a 400-byte REGISTER. Beside them, in the same run, the least that any parser does which
/// makes strings: decode the bytes and cut the text into header names and values, without looking at one of them.
/// </summary>
internal static class SipBenchmark
{
    public static Task RunAsync()
    {
        foreach (var (name, text) in new[] { ("INVITE", Invite()), ("REGISTER", Register()) })
        {
            Report(name, Encoding.UTF8.GetBytes(text));
        }

        return Task.CompletedTask;
    }

    private static void Report(string name, byte[] datagram)
    {
        if (!SipParser.TryParse(datagram, out var message) || !message.ToBytes().AsSpan().SequenceEqual(Reparse(message)))
        {
            throw new InvalidOperationException($"the {name} of the benchmark does not survive print(parse(x))");
        }

        var writer = new ArrayBufferWriter<byte>(4096);
        var samples = Measure.Run(
            ("cut into strings (baseline)", () => CutIntoStrings(datagram)),
            ("parse", () => SipParser.TryParse(datagram, out _)),
            ("parse and read what routing needs", () => Touch(datagram)),
            ("write", () => { writer.ResetWrittenCount(); message.WriteTo(writer); }
        ));
        Console.WriteLine($"{name}, {datagram.Length} bytes");
        foreach (var sample in samples)
        {
            Console.WriteLine($"  {sample}  ratio to baseline {sample.Median / samples[0].Median:F2}");
        }
    }

    private static byte[] Reparse(SipMessage message) =>
        SipParser.TryParse(message.ToBytes(), out var again) ? again.ToBytes() : [];

    private static int CutIntoStrings(byte[] datagram)
    {
        var text = Encoding.UTF8.GetString(datagram);
        var headers = new List<(string Name, string Value)>();
        foreach (var line in text.Split("\r\n"))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                headers.Add((line[..colon], line[(colon + 1)..].Trim()));
            }
        }

        return headers.Count;
    }

    private static int Touch(byte[] datagram)
    {
        SipParser.TryParse(datagram, out var message);
        var request = (RequestMessage)message!;
        return request.CallId.Length + (int)request.CSeq.Number + request.TopVia.ToString().Length + request.Contacts.Count + (request.From.Tag?.Length ?? 0) + (request.To.Tag?.Length ?? 0);
    }

    private static string Register() =>
        """
        REGISTER sip:example.org SIP/2.0
        Via: SIP/2.0/UDP 192.0.2.17:5060;branch=z9hG4bK776asdhds;rport
        Max-Forwards: 70
        From: <sip:alice@example.org>;tag=456248
        To: <sip:alice@example.org>
        Call-ID: 843817637684230@998sdasdh09
        CSeq: 1826 REGISTER
        Contact: <sip:alice@192.0.2.17:5060>;+g.3gpp.mcptt;expires=600
        User-Agent: Handset/1.4 (brigade)
        Content-Length: 0


        """.ReplaceLineEndings("\r\n");

    private static string Invite()
    {
        var sdp = """
            v=0
            o=alice 2890844526 2890844526 IN IP4 192.0.2.17
            s=-
            c=IN IP4 192.0.2.17
            t=0 0
            m=audio 49170 RTP/AVP 0
            a=rtpmap:0 PCMU/8000
            m=application 49172 udp MCPTT
            a=fmtp:MCPTT mc_queueing;mc_priority=5;mc_granted

            """.ReplaceLineEndings("\r\n");
        return $"""
            INVITE sip:mcptt@example.org SIP/2.0
            Via: SIP/2.0/UDP 192.0.2.17:5060;branch=z9hG4bK74bf9;rport
            Max-Forwards: 70
            From: <sip:alice@example.org>;tag=9fxced76sl
            To: <sip:mcptt@example.org>
            Call-ID: 3848276298220188511@192.0.2.17
            CSeq: 1 INVITE
            Contact: <sip:alice@192.0.2.17:5060>;+g.3gpp.mcptt;+g.3gpp.icsi-ref="urn%3Aurn-7%3A3gpp-service.ims.icsi.mcptt"
            Accept-Contact: *;+g.3gpp.mcptt;require;explicit
            P-Preferred-Service: urn:urn-7:3gpp-service.ims.icsi.mcptt
            Supported: timer, tdialog, norefersub
            Session-Expires: 1800;refresher=uac
            Allow: INVITE, ACK, CANCEL, BYE, UPDATE, INFO, MESSAGE, SUBSCRIBE, NOTIFY
            Content-Type: application/sdp
            Content-Length: {Encoding.UTF8.GetByteCount(sdp)}

            {sdp}
            """.ReplaceLineEndings("\r\n").TrimEnd('\r', '\n') + "\r\n";
    }
}
