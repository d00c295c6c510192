using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Mcptt.Protocol.Floor;

/// <summary>
/// Floor control messages as RTCP APP packets (TS 24.380 8.1.2, RFC 3550 6.7). One datagram may hold several.
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |V=2|P|A| type  |  PT=APP=204   |  length in 32-bit words - 1   |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                      SSRC of the sender                       |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |      'M'      |      'C'      |      'P'      |      'T'      |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// :   fields: id (1), length (1; 2 from id 192 on), value, zeros  :
/// :           up to a multiple of 4 octets                        :
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// </code>
/// A is the acknowledgement bit. P is 0.
/// </summary>
public static class FloorCodec
{
    /// <summary>What one length octet can say. A text that is longer is left out whole when encoded: half an identity would name somebody else.</summary>
    public const int MaxValueOctets = 255;

    /// <summary>All fields at their longest stay below it, and it fits into every UDP datagram.</summary>
    public const int MaxMessageOctets = 8192;

    internal const int HeaderOctets = 12;
    internal const byte AcknowledgementBit = 0x10;
    internal const byte TypeBits = 0x0F;
    internal const byte VersionBits = 0x80;

    private const byte VersionMask = 0xC0;
    private const byte PaddingBit = 0x20;
    private const byte ApplicationDefined = 204;

    private static ReadOnlySpan<byte> Name => "MCPT"u8;

    /// <summary>
    /// Reads the packet at the front of a datagram. False with <paramref name="octetsRead"/> above zero: not a floor message that
    /// is defined (ignored whole, 8.1.4), go on behind it. False with zero: there is no packet here, stop.
    /// Fields with unknown ids, or too short for their value, are passed over; a field that leaves its packet spoils the message.
    /// </summary>
    public static bool TryDecode(ReadOnlySpan<byte> datagram, [NotNullWhen(true)] out FloorMessage? message, out int octetsRead)
    {
        message = null;
        octetsRead = 0;
        if (datagram.Length < 4 || (datagram[0] & VersionMask) != VersionBits)
        {
            return false;
        }

        var length = 4 * (1 + BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]));
        if (length > datagram.Length)
        {
            return false;
        }

        octetsRead = length;
        var packet = datagram[..length];
        if (length < HeaderOctets || packet[1] != ApplicationDefined || (packet[0] & PaddingBit) != 0 || !packet.Slice(8, 4).SequenceEqual(Name))
        {
            return false;
        }

        var type = (FloorMessageType)(packet[0] & TypeBits);
        var acknowledgementRequired = (packet[0] & AcknowledgementBit) != 0;
        if (!type.IsDefined() || (acknowledgementRequired && !type.MayRequireAcknowledgement()))
        {
            return false;
        }

        var empty = new FloorMessage(type, BinaryPrimitives.ReadUInt32BigEndian(packet[4..])) { AcknowledgementRequired = acknowledgementRequired };
        return FloorFieldReader.TryRead(packet[HeaderOctets..], empty, out message);
    }

    public static byte[] Encode(FloorMessage message)
    {
        Span<byte> buffer = stackalloc byte[MaxMessageOctets];
        return buffer[..Encode(message, buffer)].ToArray();
    }

    /// <summary>
    /// Writes into <paramref name="buffer"/>, which holds <see cref="MaxMessageOctets"/>, and returns the length.
    /// The acknowledgement bit is written only where the type has it.
    /// </summary>
    public static int Encode(FloorMessage message, Span<byte> buffer)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(buffer.Length, MaxMessageOctets, nameof(buffer));
        if (!message.Type.IsDefined())
        {
            throw new ArgumentOutOfRangeException(nameof(message), message.Type, "undefined subtype");
        }

        var acknowledgement = message.AcknowledgementRequired && message.Type.MayRequireAcknowledgement() ? AcknowledgementBit : (byte)0;
        buffer[0] = (byte)(VersionBits | acknowledgement | (byte)message.Type);
        buffer[1] = ApplicationDefined;
        BinaryPrimitives.WriteUInt32BigEndian(buffer[4..], message.Ssrc);
        Name.CopyTo(buffer[8..]);
        var length = HeaderOctets + FloorFieldWriter.Write(message, buffer[HeaderOctets..]);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[2..], (ushort)((length / 4) - 1));
        return length;
    }
}
