using System.Buffers.Binary;
using System.Text;

namespace Mcptt.Protocol.Floor;

/// <summary>
/// Value of the Track Info field (8.2.3.13), kept as the octets that came: a server echoes it unchanged, and the participant
/// type is not ours to judge (it need not be valid UTF-8).
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |Track Info (11)|Track Info len |Queueing capab.|Partic. type l.|
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// :           Participant type, zeros up to 4 octets              :
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// :           Floor participant references, 32 bits each          :
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// </code>
/// </summary>
public sealed class FloorTrackInfo : IEquatable<FloorTrackInfo>
{
    private const int FixedOctets = 2;
    private const int ReferenceOctets = 4;

    private readonly byte[] _value;

    private FloorTrackInfo(byte[] value) => _value = value;

    public ReadOnlySpan<byte> Value => _value;

    public bool QueueingCapability => _value[0] != 0;

    public string ParticipantType => Encoding.UTF8.GetString(_value, FixedOctets, _value[1]);

    public FloorList<uint> References
    {
        get
        {
            var references = new uint[Math.Max(0, _value.Length - ReferencesStart(_value[1])) / ReferenceOctets];
            for (var i = 0; i < references.Length; i++)
            {
                references[i] = BinaryPrimitives.ReadUInt32BigEndian(_value.AsSpan(ReferencesStart(_value[1]) + (i * ReferenceOctets)));
            }

            return FloorList.Create<uint>(references);
        }
    }

    public static bool TryParse(ReadOnlySpan<byte> value, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out FloorTrackInfo? trackInfo)
    {
        trackInfo = null;
        if (value.Length is < FixedOctets or > FloorCodec.MaxValueOctets || FixedOctets + value[1] > value.Length)
        {
            return false;
        }

        trackInfo = new FloorTrackInfo(value.ToArray());
        return true;
    }

    /// <summary>Throws when it does not fit into one field: the arguments are the caller's own, never a peer's.</summary>
    public static FloorTrackInfo Create(bool queueingCapability, string participantType, params ReadOnlySpan<uint> references)
    {
        var text = Encoding.UTF8.GetBytes(participantType);

        // The zeros behind the text belong to the value. Who leaves them to the field's padding is read all the same.
        var length = ReferencesStart(text.Length) + (references.Length * ReferenceOctets);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, FloorCodec.MaxValueOctets, nameof(participantType));
        var value = new byte[length];
        value[0] = queueingCapability ? (byte)1 : (byte)0;
        value[1] = (byte)text.Length;
        text.CopyTo(value, FixedOctets);
        for (var i = 0; i < references.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(value.AsSpan(ReferencesStart(text.Length) + (i * ReferenceOctets)), references[i]);
        }

        return new FloorTrackInfo(value);
    }

    public bool Equals(FloorTrackInfo? other) => other is not null && _value.AsSpan().SequenceEqual(other._value);

    public override bool Equals(object? obj) => Equals(obj as FloorTrackInfo);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(_value);
        return hash.ToHashCode();
    }

    public override string ToString() => $"queueing={QueueingCapability} type={ParticipantType} references={References}";

    private static int ReferencesStart(int textOctets) => FixedOctets + textOctets + (-textOctets & 3);
}
