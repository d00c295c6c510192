using Google.Protobuf;

namespace Mcptt.Actors.Audit;

/// <summary>
/// What the chain needs of an <see cref="Protocol.Messages.EventEnvelope"/>, read from its octets without making the message: parsing the
/// event takes several times as long as its SHA-256.
/// </summary>
internal readonly ref struct EnvelopeLink
{
    private const int PreviousSha256Field = 5;
    private const int IndexField = 6;
    private const int CountField = 7;

    private EnvelopeLink(ReadOnlySpan<byte> previousSha256, uint index, uint count)
    {
        PreviousSha256 = previousSha256;
        Index = index;
        Count = count;
    }

    public ReadOnlySpan<byte> PreviousSha256 { get; }

    public uint Index { get; }

    public uint Count { get; }

    /// <summary>False: these octets are no protobuf message. As in protobuf, the last one of a repeated field counts.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, out EnvelopeLink link)
    {
        ReadOnlySpan<byte> previous = default;
        uint index = 0;
        uint count = 0;
        link = default;
        while (!message.IsEmpty)
        {
            if (!WireField.TryRead(ref message, out var field))
            {
                return false;
            }

            switch (field.Number, field.Type)
            {
                case (PreviousSha256Field, WireFormat.WireType.LengthDelimited):
                    previous = field.Octets;
                    break;
                case (IndexField, WireFormat.WireType.Varint):
                    index = (uint)field.Value;
                    break;
                case (CountField, WireFormat.WireType.Varint):
                    count = (uint)field.Value;
                    break;
            }
        }

        link = new EnvelopeLink(previous, index, count);
        return true;
    }
}

/// <summary>One field of a protobuf message as it stands on the wire.</summary>
internal readonly ref struct WireField
{
    private const int MaxVarintOctets = 10;

    private WireField(uint tag, ulong value, ReadOnlySpan<byte> octets)
    {
        Number = (int)(tag >> 3);
        Type = (WireFormat.WireType)(tag & 7);
        Value = value;
        Octets = octets;
    }

    public int Number { get; }

    public WireFormat.WireType Type { get; }

    /// <summary>Of a varint.</summary>
    public ulong Value { get; }

    /// <summary>Of everything that has a length.</summary>
    public ReadOnlySpan<byte> Octets { get; }

    public static bool TryRead(scoped ref ReadOnlySpan<byte> message, out WireField field)
    {
        field = default;
        if (!TryVarint(ref message, out var tag) || tag is < 8 or > uint.MaxValue)
        {
            return false;
        }

        ulong value = 0;
        switch ((WireFormat.WireType)(tag & 7))
        {
            case WireFormat.WireType.Varint when TryVarint(ref message, out value):
                field = new WireField((uint)tag, value, default);
                return true;
            case WireFormat.WireType.LengthDelimited when TryVarint(ref message, out value):
                break;
            case WireFormat.WireType.Fixed32:
                value = sizeof(uint);
                break;
            case WireFormat.WireType.Fixed64:
                value = sizeof(ulong);
                break;
            default:
                return false;
        }

        if (value > (ulong)message.Length)
        {
            return false;
        }

        field = new WireField((uint)tag, 0, message[..(int)value]);
        message = message[(int)value..];
        return true;
    }

    private static bool TryVarint(scoped ref ReadOnlySpan<byte> message, out ulong value)
    {
        value = 0;
        for (var i = 0; i < message.Length && i < MaxVarintOctets; i++)
        {
            value |= (ulong)(message[i] & 0x7F) << (7 * i);
            if (message[i] < 0x80)
            {
                message = message[(i + 1)..];
                return true;
            }
        }

        return false;
    }
}
