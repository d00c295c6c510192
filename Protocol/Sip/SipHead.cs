using System.Text;

namespace Mcptt.Protocol.Sip;

/// <summary>Start line and headers as one text: UTF-8, or Latin-1 as old phones write names; folded lines joined (RFC 3261 7.3.1).</summary>
internal static class SipHead
{
    public static bool TryDecode(ReadOnlySpan<byte> message, SipLimits limits, out string head, out int bodyStart, out SipParseError error)
    {
        head = "";
        error = default;
        var end = message.IndexOf("\r\n\r\n"u8);
        bodyStart = end + 4;
        if (end < 0)
        {
            error = new(SipParseErrorCode.NoEndOfHeaders, "No end of headers");
            return false;
        }

        if (end > limits.MaxHeadBytes)
        {
            error = new(SipParseErrorCode.TooLarge, "Headers too large");
            return false;
        }

        // With the line break of the last header, so that every line has one.
        var bytes = message[..(end + 2)];
        head = Decode(bytes);
        if (bytes.IndexOf("\r\n "u8) >= 0 || bytes.IndexOf("\r\n\t"u8) >= 0)
        {
            head = Unfold(head);
        }

        return true;
    }

    private static string Decode(ReadOnlySpan<byte> bytes) =>
        Ascii.IsValid(bytes) ? Encoding.ASCII.GetString(bytes)
        : System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes)
        : Encoding.Latin1.GetString(bytes);

    // LWS = [*WSP CRLF] 1*WSP reads as one blank.
    private static string Unfold(string head)
    {
        var joined = new StringBuilder(head.Length);
        var at = 0;
        while (at < head.Length)
        {
            var fold = NextFold(head, at);
            if (fold < 0)
            {
                break;
            }

            joined.Append(head.AsSpan(at, fold - at).TrimEnd(" \t")).Append(' ');
            at = fold;
            while (at < head.Length && (head[at] is ' ' or '\t' || IsFold(head, at)))
            {
                at += head[at] == '\r' ? 2 : 1;
            }
        }

        return joined.Append(head.AsSpan(at)).ToString();
    }

    private static int NextFold(string head, int from)
    {
        for (var at = head.IndexOf("\r\n", from, StringComparison.Ordinal); at >= 0; at = head.IndexOf("\r\n", at + 2, StringComparison.Ordinal))
        {
            if (IsFold(head, at))
            {
                return at;
            }
        }

        return -1;
    }

    private static bool IsFold(string head, int at) =>
        head[at] == '\r' && at + 2 < head.Length && head[at + 1] == '\n' && head[at + 2] is ' ' or '\t';
}
