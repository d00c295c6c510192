using System.Buffers.Binary;

namespace Mcptt.Load.Measuring;

/// <summary>
/// What stands at the beginning of each voice packet's payload, so that a listener of the same process knows whose it is and how old:
/// <code>
///  0      4      8        12      16              24
///  | magic | run | burst  | frame | time stamp    | (rest: 0)
/// </code>
/// The time stamp is of the process's own clock and means nothing in another process; the run says whose it is.
/// </summary>
internal readonly record struct SpeechStamp(uint Run, uint Burst, uint Frame, long Timestamp)
{
    public const int Octets = 24;

    private const uint Magic = 0x4D4C_4431; // "MLD1"

    public static bool TryRead(ReadOnlySpan<byte> payload, out SpeechStamp stamp)
    {
        if (payload.Length < Octets || BinaryPrimitives.ReadUInt32BigEndian(payload) != Magic)
        {
            stamp = default;
            return false;
        }

        stamp = new SpeechStamp(
            BinaryPrimitives.ReadUInt32BigEndian(payload[4..]),
            BinaryPrimitives.ReadUInt32BigEndian(payload[8..]),
            BinaryPrimitives.ReadUInt32BigEndian(payload[12..]),
            BinaryPrimitives.ReadInt64BigEndian(payload[16..]));
        return true;
    }

    public void Write(Span<byte> payload)
    {
        BinaryPrimitives.WriteUInt32BigEndian(payload, Magic);
        BinaryPrimitives.WriteUInt32BigEndian(payload[4..], Run);
        BinaryPrimitives.WriteUInt32BigEndian(payload[8..], Burst);
        BinaryPrimitives.WriteUInt32BigEndian(payload[12..], Frame);
        BinaryPrimitives.WriteInt64BigEndian(payload[16..], Timestamp);
    }
}
