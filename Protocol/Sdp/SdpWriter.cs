using System.Text;

namespace Mcptt.Protocol.Sdp;

internal static class SdpWriter
{
    public static string Write(SessionDescription session)
    {
        var text = new StringBuilder(512);
        Line(text, 'v', "0");
        Line(text, 'o', session.Origin.ToString());
        Line(text, 's', session.Name.Length == 0 ? "-" : session.Name);
        Kept(text, session.Lines, "iuep");
        if (session.Connection is { } connection)
        {
            Line(text, 'c', connection.ToString());
        }

        Kept(text, session.Lines, "b");
        Times(text, session);
        Kept(text, session.Lines, "zk");
        Attributes(text, session.Attributes);
        foreach (var media in session.Media)
        {
            Media(text, media);
        }

        return text.ToString();
    }

    // A session without t= is not a session (RFC 8866 5.9); r= belongs to the t= before it.
    private static void Times(StringBuilder text, SessionDescription session)
    {
        if (!session.Lines.Any(line => line.Type == 't'))
        {
            Line(text, 't', "0 0");
        }

        foreach (var line in session.Lines)
        {
            if (line.Type is 't' or 'r')
            {
                Line(text, line.Type, line.Value);
            }
        }
    }

    private static void Media(StringBuilder text, MediaDescription media)
    {
        text.Append("m=").Append(media.Type).Append(' ').Append(media.Port);
        if (media.PortCount != 1)
        {
            text.Append('/').Append(media.PortCount);
        }

        text.Append(' ').Append(media.Protocol);
        foreach (var format in media.Formats)
        {
            text.Append(' ').Append(format);
        }

        text.Append("\r\n");
        if (media.Information is { } information)
        {
            Line(text, 'i', information);
        }

        if (media.Connection is { } connection)
        {
            Line(text, 'c', connection.ToString());
        }

        Kept(text, media.Lines, "bk");
        Attributes(text, media.Attributes);
    }

    private static void Kept(StringBuilder text, IReadOnlyList<SdpLine> lines, string types)
    {
        foreach (var type in types)
        {
            foreach (var line in lines)
            {
                if (line.Type == type)
                {
                    Line(text, type, line.Value);
                }
            }
        }
    }

    private static void Attributes(StringBuilder text, IReadOnlyList<SdpAttribute> attributes)
    {
        foreach (var attribute in attributes)
        {
            Line(text, 'a', attribute.ToString());
        }
    }

    private static void Line(StringBuilder text, char type, string value) => text.Append(type).Append('=').Append(value).Append("\r\n");
}
