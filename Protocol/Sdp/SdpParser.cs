using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Mcptt.Protocol.Sdp;

/// <summary>
/// Reads session descriptions. Lenient where it does no harm: any order inside a section, LF for CRLF, no s= or t=, unknown
/// type letters are passed over. Strict about what media depends on: v=, o=, m-lines, c= of a live m-line, and the bounds.
/// </summary>
public static class SdpParser
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: false);

    public static bool TryParse(ReadOnlySpan<byte> text, [NotNullWhen(true)] out SessionDescription? session, out SdpParseError error)
    {
        // UTF-8 has at least one byte per character and at most three per UTF-16 unit.
        if (text.Length > SdpLimits.MaxChars * 3)
        {
            return Fail(0, "longer than " + SdpLimits.MaxChars + " characters", out session, out error);
        }

        return TryParse(Utf8.GetString(text), out session, out error);
    }

    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out SessionDescription? session, out SdpParseError error)
    {
        if (text.Length > SdpLimits.MaxChars)
        {
            return Fail(0, "longer than " + SdpLimits.MaxChars + " characters", out session, out error);
        }

        var draft = new SdpDraft();
        var lineNumber = 0;
        while (!text.IsEmpty)
        {
            var line = TakeLine(ref text);
            lineNumber++;
            if (line.IsEmpty)
            {
                continue;
            }

            if (Read(draft, line) is { } reason)
            {
                return Fail(lineNumber, reason, out session, out error);
            }
        }

        if (draft.Finish(out session) is { } missing)
        {
            return Fail(0, missing, out session, out error);
        }

        error = default;
        return session is not null;
    }

    private static ReadOnlySpan<char> TakeLine(ref ReadOnlySpan<char> text)
    {
        var end = text.IndexOf('\n');
        var line = end < 0 ? text : text[..end];
        text = end < 0 ? [] : text[(end + 1)..];
        return line.TrimEnd("\r\0 \t");
    }

    // Null: read. Else why not.
    private static string? Read(SdpDraft draft, ReadOnlySpan<char> line)
    {
        if (line.Length > SdpLimits.MaxLineChars)
        {
            return "line longer than " + SdpLimits.MaxLineChars + " characters";
        }

        if (line.Length < 2 || line[1] != '=' || !char.IsAsciiLetterLower(line[0]))
        {
            return "not of the form x=value";
        }

        if (line.ContainsAny('\r', '\0'))
        {
            return "control character in a value";
        }

        var value = line[2..];
        return line[0] switch
        {
            'v' => draft.Version(value),
            'o' => draft.Origin(value),
            's' => draft.Name(value),
            'c' => draft.Connection(value),
            'm' => draft.Media(value),
            'a' => draft.Attribute(value),
            'i' => draft.Information(value),
            'u' or 'e' or 'p' or 'b' or 't' or 'r' or 'z' or 'k' => draft.Kept(line[0], value),
            _ => draft.Started ? null : SdpDraft.VersionFirst,
        };
    }

    private static bool Fail(int line, string reason, out SessionDescription? session, out SdpParseError error)
    {
        session = null;
        error = new SdpParseError(line, reason);
        return false;
    }
}
