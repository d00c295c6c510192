using System.Text;
using Mcptt.Protocol.Sdp;

namespace Mcptt.Fuzz;

/// <summary>Session descriptions: whatever is read is written so that it is read as the same, and a refusal says why.</summary>
public sealed class SdpTarget : IFuzzTarget
{
    public string Name => "sdp";

    public IEnumerable<byte[]> Seeds() =>
        new[]
        {
            "v=0\r\no=alice 20 1 IN IP4 192.0.2.10\r\ns=-\r\ni=info\r\nu=http://a\r\ne=a@b\r\np=+1\r\nc=IN IP4 192.0.2.10\r\nb=AS:64\r\nt=0 0\r\nr=7d 1h 0 25h\r\nz=0 0\r\nk=prompt\r\na=sendrecv\r\n"
                + "m=audio 4000 RTP/AVP 96 101\r\ni=speech\r\nb=AS:40\r\na=rtpmap:96 AMR-WB/16000/1\r\na=fmtp:96 octet-align=1\r\na=rtpmap:101 telephone-event/16000\r\na=ptime:20\r\n"
                + "m=application 4002 udp MCPTT\r\na=fmtp:MCPTT mc_queueing;mc_priority=5;mc_granted;mc_implicit_request;mc_ssrc=7\r\n",
            "v=0\no=- 1 1 IN IP6 ::1\ns=x\nm=audio 49170/2 RTP/AVP 0 8\nc=IN IP6 2001:db8::1\na=inactive\nm=video 0 RTP/AVP 99\n",
        }.Select(Encoding.UTF8.GetBytes);

    public string? Check(byte[] input)
    {
        if (!SdpParser.TryParse(input, out var session, out var error))
        {
            return string.IsNullOrEmpty(error.Reason) ? "a refusal without a reason" : null;
        }

        var printed = session.ToString();
        if (!SdpParser.TryParse(printed, out var again, out error))
        {
            return $"what was written is not read: {error}";
        }

        if (again.ToString() != printed)
        {
            return "what was written is read as something else";
        }

        return session.Media.Where(media => media.IsFloorChannel).Select(McpttFmtp.Of).Any(fmtp => McpttFmtp.Parse(fmtp.ToString().AsSpan(McpttFmtp.Format.Length)) != fmtp)
            ? "a=fmtp:MCPTT is written as something else"
            : null;
    }
}
