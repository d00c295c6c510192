using System.Buffers.Binary;

namespace Mcptt.Protocol.Floor;

/// <summary>Location types of 8.2.3.21; the value's length follows from the type.</summary>
public enum FloorLocationType : byte
{
    NotProvided = 0,
    Ecgi = 1,
    TrackingArea = 2,
    PlmnIdentity = 3,
    MbmsServiceArea = 4,
    MbsfnArea = 5,
    Coordinates = 6,
}

/// <summary>
/// Value of the Location field (8.2.3.21): one octet of type, then its value.
/// <code>
/// 0 not provided    -
/// 1 ECGI            PLMN (3) | E-UTRAN cell identity (4)
/// 2 tracking area   PLMN (3) | tracking area code (2)
/// 3 PLMN            PLMN (3)
/// 4 MBMS            service area (2)
/// 5 MBSFN           area (1)
/// 6 coordinates     latitude (3) | longitude (3), TS 23.032 6.1
/// </code>
/// </summary>
public sealed class FloorLocation : IEquatable<FloorLocation>
{
    private const int PlmnOctets = 3;
    private const int CoordinateOctets = 3;

    private readonly byte[] _value;

    private FloorLocation(byte[] value) => _value = value;

    public static FloorLocation NotProvided { get; } = new([(byte)FloorLocationType.NotProvided]);

    /// <summary>Type octet and value, as on the wire.</summary>
    public ReadOnlySpan<byte> Value => _value;

    public FloorLocationType Type => (FloorLocationType)_value[0];

    /// <summary>MCC and MNC in the three octets of TS 24.008 10.5.1.13; empty when the type has none.</summary>
    public ReadOnlySpan<byte> Plmn =>
        Type is FloorLocationType.Ecgi or FloorLocationType.TrackingArea or FloorLocationType.PlmnIdentity
            ? _value.AsSpan(1, PlmnOctets)
            : [];

    public uint? CellIdentity => Type == FloorLocationType.Ecgi ? BinaryPrimitives.ReadUInt32BigEndian(_value.AsSpan(1 + PlmnOctets)) : null;

    public ushort? TrackingAreaCode =>
        Type == FloorLocationType.TrackingArea ? BinaryPrimitives.ReadUInt16BigEndian(_value.AsSpan(1 + PlmnOctets)) : null;

    public ushort? ServiceArea =>
        Type == FloorLocationType.MbmsServiceArea ? BinaryPrimitives.ReadUInt16BigEndian(_value.AsSpan(1)) : null;

    public byte? MbsfnAreaId => Type == FloorLocationType.MbsfnArea ? _value[1] : null;

    /// <summary>24 bits each as TS 23.032 6.1 codes them.</summary>
    public (uint Latitude, uint Longitude)? Point =>
        Type == FloorLocationType.Coordinates ? (ReadUInt24(_value.AsSpan(1)), ReadUInt24(_value.AsSpan(1 + CoordinateOctets))) : null;

    public static FloorLocation Ecgi(ReadOnlySpan<byte> plmn, uint cellIdentity)
    {
        Span<byte> rest = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(rest, cellIdentity);
        return OfPlmn(FloorLocationType.Ecgi, plmn, rest);
    }

    public static FloorLocation TrackingArea(ReadOnlySpan<byte> plmn, ushort trackingAreaCode)
    {
        Span<byte> rest = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(rest, trackingAreaCode);
        return OfPlmn(FloorLocationType.TrackingArea, plmn, rest);
    }

    public static FloorLocation OfPlmn(ReadOnlySpan<byte> plmn) => OfPlmn(FloorLocationType.PlmnIdentity, plmn, []);

    public static FloorLocation MbmsServiceArea(ushort serviceArea) =>
        new([(byte)FloorLocationType.MbmsServiceArea, (byte)(serviceArea >> 8), (byte)serviceArea]);

    public static FloorLocation MbsfnArea(byte areaId) => new([(byte)FloorLocationType.MbsfnArea, areaId]);

    public static FloorLocation Coordinates(uint latitude, uint longitude) =>
        new(
            [
                (byte)FloorLocationType.Coordinates,
                (byte)(latitude >> 16),
                (byte)(latitude >> 8),
                (byte)latitude,
                (byte)(longitude >> 16),
                (byte)(longitude >> 8),
                (byte)longitude,
            ]
        );

    /// <summary>Reads one location off the front; a list holds several in a row.</summary>
    public static bool TryParse(
        ReadOnlySpan<byte> value,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out FloorLocation? location,
        out int octetsRead
    )
    {
        location = null;
        octetsRead = 0;
        if (value.IsEmpty || ValueOctets((FloorLocationType)value[0]) is not { } octets || value.Length < 1 + octets)
        {
            return false;
        }

        octetsRead = 1 + octets;
        location = new FloorLocation(value[..octetsRead].ToArray());
        return true;
    }

    public bool Equals(FloorLocation? other) => other is not null && _value.AsSpan().SequenceEqual(other._value);

    public override bool Equals(object? obj) => Equals(obj as FloorLocation);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(_value);
        return hash.ToHashCode();
    }

    public override string ToString() => $"{Type}:{Convert.ToHexString(_value.AsSpan(1))}";

    private static FloorLocation OfPlmn(FloorLocationType type, ReadOnlySpan<byte> plmn, ReadOnlySpan<byte> rest)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(plmn.Length, PlmnOctets, nameof(plmn));
        return new([(byte)type, .. plmn, .. rest]);
    }

    private static int? ValueOctets(FloorLocationType type) =>
        type switch
        {
            FloorLocationType.NotProvided => 0,
            FloorLocationType.Ecgi => 7,
            FloorLocationType.TrackingArea => 5,
            FloorLocationType.PlmnIdentity => 3,
            FloorLocationType.MbmsServiceArea => 2,
            FloorLocationType.MbsfnArea => 1,
            FloorLocationType.Coordinates => 6,
            _ => null,
        };

    private static uint ReadUInt24(ReadOnlySpan<byte> octets) => ((uint)octets[0] << 16) | ((uint)octets[1] << 8) | octets[2];
}
