using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Mcptt.Protocol.Sip;

/// <summary>multipart/mixed (RFC 2046 5.1, RFC 5621): taken apart, or put together.</summary>
public static class MultipartBody
{
    /// <summary>RFC 2046 5.1.1.</summary>
    public const int MaxBoundaryChars = 70;

    public const string DefaultBoundary = "mcptt-boundary";

    /// <summary>The bodies of a message: none, its one body, or the parts of a multipart. False: malformed.</summary>
    public static bool TryReadParts(SipMessage message, [NotNullWhen(true)] out IReadOnlyList<BodyPart>? parts, SipLimits? limits = null)
    {
        parts = [];
        if (message.Body.IsEmpty)
        {
            return true;
        }

        if (message.ContentType is not { } type)
        {
            parts = null;
            return false;
        }

        if (type.IsMultipart)
        {
            return TryParse(type, message.Body, out parts, limits);
        }

        parts = [new BodyPart(type, message.Body) { ContentDisposition = message.Headers[SipHeaderNames.ContentDisposition] }];
        return true;
    }

    public static bool TryParse(
        MediaType type, ReadOnlyMemory<byte> body, [NotNullWhen(true)] out IReadOnlyList<BodyPart>? parts, SipLimits? limits = null)
    {
        parts = null;
        var boundary = type.Parameters["boundary"];
        if (boundary is null or { Length: 0 or > MaxBoundaryChars })
        {
            return false;
        }

        var read = new List<BodyPart>();
        var delimiter = Encoding.UTF8.GetBytes("--" + boundary);
        var maxParts = (limits ?? SipLimits.Default).MaxBodyParts;
        if (!TryFindDelimiter(body.Span, delimiter, 0, out _, out var start, out var last))
        {
            return false;
        }

        while (!last)
        {
            if (read.Count == maxParts || !TryFindDelimiter(body.Span, delimiter, start, out var end, out var next, out last)
                || !TryReadPart(body[start..end], out var part))
            {
                return false;
            }

            read.Add(part);
            start = next;
        }

        parts = read;
        return true;
    }

    /// <summary>The body and its Content-Type. The boundary is lengthened until no part contains it, so the same parts always make the same bytes.</summary>
    public static (string ContentType, byte[] Body) Build(IReadOnlyList<BodyPart> parts, string subtype = "mixed")
    {
        var boundary = FreeBoundary(parts);
        var output = new ArrayBufferWriter<byte>(1024);
        foreach (var part in parts)
        {
            Append(output, $"--{boundary}\r\nContent-Type: {part.ContentType}\r\n");
            AppendHeader(output, "Content-Transfer-Encoding", part.TransferEncoding);
            AppendHeader(output, SipHeaderNames.ContentDisposition, part.ContentDisposition);
            AppendHeader(output, SipHeaderNames.ContentId, part.ContentId);
            Append(output, "\r\n");
            output.Write(part.Content.Span);
            Append(output, "\r\n");
        }

        Append(output, $"--{boundary}--\r\n");
        return ($"multipart/{subtype};boundary={boundary}", output.WrittenSpan.ToArray());
    }

    private static void AppendHeader(ArrayBufferWriter<byte> output, string name, string? value)
    {
        if (value is not null)
        {
            Append(output, $"{name}: {value.Replace('\r', ' ').Replace('\n', ' ')}\r\n");
        }
    }

    private static void Append(ArrayBufferWriter<byte> output, string text) => Encoding.UTF8.GetBytes(text, output);

    private static string FreeBoundary(IReadOnlyList<BodyPart> parts)
    {
        var boundary = DefaultBoundary;
        for (var number = 1; parts.Any(part => part.Content.Span.IndexOf(Encoding.ASCII.GetBytes("--" + boundary)) >= 0); number++)
        {
            boundary = $"{DefaultBoundary}-{number}";
        }

        return boundary;
    }

    // A delimiter stands at the start of a line and ends it; the line break before it belongs to it (RFC 2046 5.1.1).
    private static bool TryFindDelimiter(
        ReadOnlySpan<byte> body, ReadOnlySpan<byte> delimiter, int from, out int contentEnd, out int next, out bool last)
    {
        (contentEnd, next, last) = (0, 0, false);
        for (var at = from; ; at += delimiter.Length)
        {
            var found = body[at..].IndexOf(delimiter);
            if (found < 0)
            {
                return false;
            }

            at += found;
            var after = body[(at + delimiter.Length)..];
            last = after.StartsWith("--"u8);
            var padding = last ? default : after[..Math.Max(0, after.IndexOf((byte)'\n'))];
            if (AtLineStart(body, at, from) && (last || (after.Contains((byte)'\n') && padding.Trim(" \t\r"u8).IsEmpty)))
            {
                contentEnd = Math.Max(from, at >= 2 && body[at - 2] == '\r' ? at - 2 : at - 1);
                next = at + delimiter.Length + padding.Length + 1;
                return true;
            }
        }
    }

    private static bool AtLineStart(ReadOnlySpan<byte> body, int at, int from) => at == from || body[at - 1] == '\n';

    // Without a Content-Type a part is text/plain (RFC 2046 5.1).
    private static bool TryReadPart(ReadOnlyMemory<byte> part, [NotNullWhen(true)] out BodyPart? value)
    {
        value = null;
        var headersEnd = part.Span.StartsWith("\r\n"u8) ? 0 : part.Span.IndexOf("\r\n\r\n"u8);
        if (headersEnd < 0)
        {
            return false;
        }

        var headers = new SipHeaders(4);
        var text = Encoding.UTF8.GetString(part.Span[..headersEnd]).Replace("\r\n ", " ").Replace("\r\n\t", " ");
        foreach (var line in text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = line.IndexOf(':');
            if (colon <= 0 || !SipGrammar.IsToken(line.AsSpan(0, colon).TrimEnd(" \t")) || headers.Count == SipLimits.Default.MaxHeaders)
            {
                return false;
            }

            headers.Add(line[..colon].TrimEnd(), line[(colon + 1)..]);
        }

        if (!MediaType.TryParse(headers[SipHeaderNames.ContentType] ?? "text/plain", out var type))
        {
            return false;
        }

        value = new BodyPart(type, part[(headersEnd + (headersEnd == 0 ? 2 : 4))..])
        {
            ContentDisposition = headers[SipHeaderNames.ContentDisposition],
            ContentId = headers[SipHeaderNames.ContentId],
            TransferEncoding = headers["Content-Transfer-Encoding"],
        };
        return true;
    }
}
