using System.Globalization;
using System.Text;

namespace Mcptt.Protocol.Sip;

public enum SipFrameKind
{
    /// <summary>No whole message yet; read more and ask again with the same bytes and what was added.</summary>
    NeedMore,

    /// <summary>The first <see cref="SipFrame.Length"/> bytes are one message.</summary>
    Message,

    /// <summary>The second of two line breaks between messages: the peer wants one back (RFC 5626 4.4.1).</summary>
    Ping,

    /// <summary>A line break between messages: a pong, or nothing.</summary>
    Blank,

    /// <summary>Nothing that follows on this stream can be understood; answer what <see cref="SipFrame.Length"/> bytes of head allow and close.</summary>
    Invalid,
}

public readonly record struct SipFrame(SipFrameKind Kind, int Length, SipParseError Error = default);

/// <summary>
/// Finds the messages in a byte stream by Content-Length (RFC 3261 18.3). It keeps only how far it looked, so that a message
/// that comes byte by byte costs no more than one that comes whole. A message without Content-Length has no body.
/// </summary>
public sealed class SipStreamFramer(SipLimits? limits = null)
{
    private readonly SipLimits _limits = limits ?? SipLimits.Default;
    private int _looked;
    private int _messageLength;
    private bool _afterBlank;

    /// <summary>What stands at the start of the buffer. Take <see cref="SipFrame.Length"/> bytes off before the next call unless it is NeedMore.</summary>
    public SipFrame Next(ReadOnlySpan<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            return new(SipFrameKind.NeedMore, 0);
        }

        if (buffer[0] is (byte)'\r' or (byte)'\n')
        {
            return Blank(buffer);
        }

        _afterBlank = false;
        if (_messageLength == 0 && FindMessage(buffer) is { } stop)
        {
            return stop;
        }

        if (buffer.Length < _messageLength)
        {
            return new(SipFrameKind.NeedMore, _messageLength);
        }

        var length = _messageLength;
        (_looked, _messageLength) = (0, 0);
        return new(SipFrameKind.Message, length);
    }

    // Null: the length of the message is known now.
    private SipFrame? FindMessage(ReadOnlySpan<byte> buffer)
    {
        var end = buffer[_looked..].IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            // The break may lie across the end of what is here.
            _looked = Math.Max(0, buffer.Length - 3);
            return buffer.Length - 3 > _limits.MaxHeadBytes
                ? Invalid(0, SipParseErrorCode.TooLarge, "Headers too large")
                : new SipFrame(SipFrameKind.NeedMore, 0);
        }

        var head = _looked + end + 4;
        if (!TryContentLength(buffer[..head], out var body))
        {
            return Invalid(head, SipParseErrorCode.ContentLength, "Malformed Content-Length");
        }

        if (head - 4 > _limits.MaxHeadBytes || body > _limits.MaxStreamMessageBytes - head)
        {
            return Invalid(head, SipParseErrorCode.TooLarge, "Message too large");
        }

        _messageLength = head + (int)body;
        return null;
    }

    // One line break is a pong or nothing, the second in a row makes a ping, however they are cut.
    private SipFrame Blank(ReadOnlySpan<byte> buffer)
    {
        if (!buffer.StartsWith("\r\n"u8))
        {
            return buffer is [(byte)'\r'] ? new(SipFrameKind.NeedMore, 0) : new(SipFrameKind.Blank, 1);
        }

        _afterBlank = !_afterBlank;
        return new(_afterBlank ? SipFrameKind.Blank : SipFrameKind.Ping, 2);
    }

    private static SipFrame Invalid(int head, SipParseErrorCode code, string detail) =>
        new(SipFrameKind.Invalid, head, new SipParseError(code, detail));

    // Reads the header lines as SipParser does, folded ones included; several must agree.
    private static bool TryContentLength(ReadOnlySpan<byte> head, out long length)
    {
        length = 0;
        var found = false;
        var at = head.IndexOf("\r\n"u8) + 2;
        while (at < head.Length)
        {
            var end = EndOfLine(head, at);
            var line = head[at..end];
            at = end + 2;
            var colon = line.IndexOf((byte)':');
            if (colon < 0 || !IsContentLength(line[..colon].TrimEnd(" \t"u8)))
            {
                continue;
            }

            if (!TryNumber(line[(colon + 1)..], out var number) || (found && number != length))
            {
                return false;
            }

            (found, length) = (true, number);
        }

        return true;
    }

    private static int EndOfLine(ReadOnlySpan<byte> head, int at)
    {
        while (true)
        {
            at += head[at..].IndexOf("\r\n"u8);
            if (at + 2 >= head.Length || head[at + 2] is not ((byte)' ' or (byte)'\t'))
            {
                return at;
            }

            at += 2;
        }
    }

    private static bool IsContentLength(ReadOnlySpan<byte> name) =>
        Ascii.EqualsIgnoreCase(name, "content-length"u8) || Ascii.EqualsIgnoreCase(name, "l"u8);

    private static bool TryNumber(ReadOnlySpan<byte> digits, out long number)
    {
        digits = digits.Trim(" \t\r\n"u8);
        number = 0;
        return digits.Length > 0 && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= int.MaxValue;
    }
}
