using System.Collections.Immutable;
using System.Globalization;

namespace Mcptt.Protocol.Sdp;

/// <summary>What has been read so far. Each method returns null, or why the line is malformed.</summary>
internal sealed class SdpDraft
{
    public const string VersionFirst = "v=0 must come first";

    private readonly ImmutableArray<SdpLine>.Builder _lines = ImmutableArray.CreateBuilder<SdpLine>();
    private readonly ImmutableArray<SdpAttribute>.Builder _attributes = ImmutableArray.CreateBuilder<SdpAttribute>();
    private readonly ImmutableArray<MediaDescription>.Builder _media = ImmutableArray.CreateBuilder<MediaDescription>();
    private SdpOrigin? _origin;
    private string? _name;
    private SdpConnection? _connection;
    private MediaDraft? _current;
    private int _attributeCount;

    public bool Started { get; private set; }

    public string? Version(ReadOnlySpan<char> value)
    {
        if (Started)
        {
            return "a second v= line";
        }

        Started = true;
        return value.Trim() is "0" ? null : "version is not 0";
    }

    public string? Origin(ReadOnlySpan<char> value)
    {
        if (!Started)
        {
            return VersionFirst;
        }

        var fields = Fields(value, 7);
        if (_origin is not null || fields.Length != 6)
        {
            return _origin is not null ? "a second o= line" : "o= has " + fields.Length + " fields, not 6";
        }

        _origin = new SdpOrigin(fields[0], fields[1], fields[2], fields[3], fields[4], fields[5]);
        return null;
    }

    public string? Name(ReadOnlySpan<char> value)
    {
        _name ??= value.Trim().ToString();
        return Started ? null : VersionFirst;
    }

    public string? Connection(ReadOnlySpan<char> value)
    {
        var fields = Fields(value, 4);
        if (!Started || fields.Length != 3)
        {
            return Started ? "c= has " + fields.Length + " fields, not 3" : VersionFirst;
        }

        if (!fields[0].Equals("IN", StringComparison.OrdinalIgnoreCase) || fields[1].ToUpperInvariant() is not ("IP4" or "IP6"))
        {
            return "c= is neither IN IP4 nor IN IP6";
        }

        var connection = new SdpConnection(fields[0], fields[1], fields[2]);
        if (_current is { } media)
        {
            // Several c= lines of one m-line are layered multicast (RFC 8866 5.7): the first is the base layer.
            media.Connection ??= connection;
        }
        else
        {
            _connection ??= connection;
        }

        return null;
    }

    public string? Information(ReadOnlySpan<char> value)
    {
        if (_current is not { } media)
        {
            return Kept('i', value);
        }

        media.Information ??= value.Trim().ToString();
        return null;
    }

    public string? Kept(char type, ReadOnlySpan<char> value)
    {
        if (!Started)
        {
            return VersionFirst;
        }

        // Only b and k may stand in a media section; others there are harmless and mean nothing.
        var target = _current?.Lines ?? _lines;
        if (_current is not null && type is not ('b' or 'k'))
        {
            return null;
        }

        if (target.Count(line => line.Type == type) >= SdpLimits.MaxRepeatedLines)
        {
            return "more than " + SdpLimits.MaxRepeatedLines + " lines " + type + "=";
        }

        target.Add(new SdpLine(type, value.Trim().ToString()));
        return null;
    }

    public string? Attribute(ReadOnlySpan<char> value)
    {
        if (!Started)
        {
            return VersionFirst;
        }

        if (++_attributeCount > SdpLimits.MaxAttributes)
        {
            return "more than " + SdpLimits.MaxAttributes + " attributes";
        }

        var colon = value.IndexOf(':');
        var name = (colon < 0 ? value : value[..colon]).Trim();
        if (name.IsEmpty || name.ContainsAny(' ', '\t'))
        {
            return "attribute without a name";
        }

        (_current?.Attributes ?? _attributes).Add(new SdpAttribute(name.ToString(), colon < 0 ? null : value[(colon + 1)..].Trim().ToString()));
        return null;
    }

    public string? Media(ReadOnlySpan<char> value)
    {
        if (!Started)
        {
            return VersionFirst;
        }

        var fields = Fields(value, SdpLimits.MaxFormats + 4);
        if (fields.Length < 4 || fields.Length > SdpLimits.MaxFormats + 3)
        {
            return fields.Length < 4 ? "m= has fewer than 4 fields" : "more than " + SdpLimits.MaxFormats + " formats";
        }

        if (!TryReadPort(fields[1], out var port, out var count))
        {
            return "m= has no port from 0 to 65535";
        }

        EndMedia();
        if (_media.Count >= SdpLimits.MaxMedia)
        {
            return "more than " + SdpLimits.MaxMedia + " m-lines";
        }

        _current = new MediaDraft(fields[0], port, count, fields[2], [.. fields.AsSpan(3)]);
        return null;
    }

    public string? Finish(out SessionDescription? session)
    {
        session = null;
        EndMedia();
        if (!Started || _origin is null)
        {
            return Started ? "no o= line" : VersionFirst;
        }

        foreach (var media in _media)
        {
            if (media.Port != 0 && media.Connection is null && _connection is null)
            {
                return "m=" + media.Type + " has no c= line";
            }
        }

        session = new SessionDescription
        {
            Origin = _origin,
            Name = string.IsNullOrEmpty(_name) ? "-" : _name,
            Lines = _lines.ToImmutable(),
            Connection = _connection,
            Attributes = _attributes.ToImmutable(),
            Media = _media.ToImmutable(),
        };
        return null;
    }

    private void EndMedia()
    {
        if (_current is { } media)
        {
            _media.Add(media.Finish());
            _current = null;
        }
    }

    private static bool TryReadPort(string field, out int port, out int count)
    {
        count = 1;
        var slash = field.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? field.AsSpan() : field.AsSpan(0, slash);
        if (!int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out port) || port > ushort.MaxValue)
        {
            return false;
        }

        return slash < 0
            || (int.TryParse(field.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out count) && count is > 0 and <= ushort.MaxValue);
    }

    private static string[] Fields(ReadOnlySpan<char> value, int atMost)
    {
        var fields = new List<string>(6);
        foreach (var range in value.SplitAny(' ', '\t'))
        {
            if (value[range] is { IsEmpty: false } field && fields.Count < atMost)
            {
                fields.Add(field.ToString());
            }
        }

        return [.. fields];
    }

    private sealed class MediaDraft(string type, int port, int portCount, string protocol, ImmutableArray<string> formats)
    {
        public SdpConnection? Connection { get; set; }

        public string? Information { get; set; }

        public ImmutableArray<SdpLine>.Builder Lines { get; } = ImmutableArray.CreateBuilder<SdpLine>();

        public ImmutableArray<SdpAttribute>.Builder Attributes { get; } = ImmutableArray.CreateBuilder<SdpAttribute>();

        public MediaDescription Finish() =>
            new()
            {
                Type = type,
                Port = port,
                PortCount = portCount,
                Protocol = protocol,
                Formats = formats,
                Information = Information,
                Connection = Connection,
                Lines = Lines.ToImmutable(),
                Attributes = Attributes.ToImmutable(),
            };
    }
}
