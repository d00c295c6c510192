using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Mcptt.Protocol.Sip;

/// <summary>
/// Reads one whole message from a datagram or from what <see cref="SipStreamFramer"/> cut out of a stream. Never throws. The
/// head becomes one string and the headers are slices of it, so that a message costs the same few allocations whatever its headers.
/// </summary>
public static class SipParser
{
    /// <summary>
    /// False with a message: malformed, but its Via, From, To, Call-ID and CSeq are there, so a request can be answered with
    /// <see cref="SipParseError.Status"/>. False without: drop it.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> datagram, out SipMessage? message, out SipParseError error, SipLimits? limits = null)
    {
        limits ??= SipLimits.Default;
        message = null;
        // RFC 3261 7.5: line breaks before the start line are ignored.
        var start = datagram.IndexOfAnyExcept((byte)'\r', (byte)'\n');
        if (start < 0)
        {
            return Fail(SipParseErrorCode.Empty, "Empty", out error);
        }

        datagram = datagram[start..];
        if (!SipHead.TryDecode(datagram, limits, out var head, out var bodyStart, out error)
            || !TryReadStartLine(head, out message, out var headerStart, ref error))
        {
            message = null;
            return false;
        }

        var valid = error.Code == SipParseErrorCode.None;
        var check = new SipHeaderCheck(message, limits);
        // Validated also after a fault: whether it can be answered is found there.
        valid &= check.TryReadHeaders(head, headerStart, ref error);
        valid &= check.TryValidate(ref error);
        valid = check.TryTakeBody(datagram[bodyStart..], ref error) && valid;
        if (!valid && !check.CanBeAnswered)
        {
            message = null;
        }

        return valid;
    }

    /// <summary>As the other, for one who needs only well-formed messages.</summary>
    public static bool TryParse(ReadOnlySpan<byte> datagram, [NotNullWhen(true)] out SipMessage? message)
    {
        if (TryParse(datagram, out message, out _) && message is not null)
        {
            return true;
        }

        message = null;
        return false;
    }

    // Request-Line = Method SP Request-URI SP SIP-Version; Status-Line = SIP-Version SP Status-Code SP Reason-Phrase.
    // A wrong URI or version is noted in error and read on, so that it can be answered.
    private static bool TryReadStartLine(string head, [NotNullWhen(true)] out SipMessage? message, out int headerStart, ref SipParseError error)
    {
        message = null;
        var end = head.IndexOf("\r\n", StringComparison.Ordinal);
        headerStart = end + 2;
        var line = head.AsSpan(0, end);
        if (line.StartsWith("SIP/2.0 ", StringComparison.OrdinalIgnoreCase))
        {
            return TryReadStatusLine(line[8..], head.Length, out message, out error);
        }

        var methodEnd = line.IndexOf(' ');
        var uriEnd = line.LastIndexOf(' ');
        if (methodEnd <= 0 || uriEnd <= methodEnd || !SipGrammar.IsToken(line[..methodEnd])
            || !line[(uriEnd + 1)..].StartsWith("SIP/", StringComparison.OrdinalIgnoreCase))
        {
            return Fail(SipParseErrorCode.StartLine, "Malformed start line", out error);
        }

        var uri = line[(methodEnd + 1)..uriEnd];
        if (!line[(uriEnd + 1)..].Equals("SIP/2.0", StringComparison.OrdinalIgnoreCase))
        {
            error = new SipParseError(SipParseErrorCode.Version, "SIP version is not 2.0");
        }
        else if (!SipUriSlices.IsUri(uri))
        {
            error = new SipParseError(SipParseErrorCode.RequestUri, "Malformed Request-URI");
        }

        message = new RequestMessage(SipMethods.Intern(line[..methodEnd]), uri.ToString(), new SipHeaders(CountLines(head)));
        return true;
    }

    private static bool TryReadStatusLine(ReadOnlySpan<char> rest, int headLength, out SipMessage? message, out SipParseError error)
    {
        message = null;
        if (rest.Length < 3 || (rest.Length > 3 && rest[3] != ' ')
            || !ushort.TryParse(rest[..3], NumberStyles.None, CultureInfo.InvariantCulture, out var status) || status is < 100 or > 699)
        {
            return Fail(SipParseErrorCode.StartLine, "Malformed status line", out error);
        }

        error = default;
        var reason = rest.Length > 4 ? rest[4..] : default;
        var usual = ReasonPhrases.Of(status);
        message = new ResponseMessage(status, reason.SequenceEqual(usual) ? usual : reason.ToString(), new SipHeaders(Math.Min(headLength / 24, 32)));
        return true;
    }

    private static int CountLines(string head) => Math.Max(8, head.AsSpan().Count('\n'));

    private static bool Fail(SipParseErrorCode code, string detail, out SipParseError error)
    {
        error = new SipParseError(code, detail);
        return false;
    }
}
