using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Mcptt.Protocol.Floor;

/// <summary>
/// The list fields. Each begins with the number of its items; a list that is shorter than it says is as good as absent.
/// <code>
/// 15, 18, 22   number (1) | length (1) text | length (1) text ...
/// 16           number (1) | spare (2) | SSRC (4) | SSRC (4) ...
/// 20           number (1) | location | location ...
/// </code>
/// </summary>
internal static class FloorLists
{
    private const int SsrcsStart = 3;
    private const int SsrcOctets = 4;

    // Implementations differ on whether an item of field 22 has one length octet or two. We write one; whichever fills the value exactly is read.
    public static FloorList<string>? ReadTexts(ReadOnlySpan<byte> value) =>
        ReadTexts(value, lengthOctets: 1, exact: true) ?? ReadTexts(value, lengthOctets: 2, exact: true) ?? ReadTexts(value, lengthOctets: 1, exact: false);

    public static FloorList<uint>? ReadSsrcs(ReadOnlySpan<byte> value)
    {
        if (value.Length < SsrcsStart || value.Length < SsrcsStart + (value[0] * SsrcOctets))
        {
            return null;
        }

        var items = new uint[value[0]];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = BinaryPrimitives.ReadUInt32BigEndian(value[(SsrcsStart + (i * SsrcOctets))..]);
        }

        return FloorList.Create<uint>(items);
    }

    public static FloorList<FloorLocation>? ReadLocations(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
        {
            return null;
        }

        var items = new List<FloorLocation>();
        var rest = value[1..];
        for (var i = 0; i < value[0]; i++)
        {
            if (!FloorLocation.TryParse(rest, out var location, out var octets))
            {
                return null;
            }

            items.Add(location);
            rest = rest[octets..];
        }

        return [.. items];
    }

    /// <summary>Writes as many items as one field holds; returns the value's length.</summary>
    public static int WriteTexts(FloorList<string> items, Span<byte> value)
    {
        var length = 1;
        value[0] = 0;
        foreach (var item in items)
        {
            var octets = Encoding.UTF8.GetByteCount(item);
            if (length + 1 + octets > FloorCodec.MaxValueOctets)
            {
                break;
            }

            value[length] = (byte)octets;
            Encoding.UTF8.GetBytes(item, value[(length + 1)..]);
            length += 1 + octets;
            value[0]++;
        }

        return length;
    }

    public static int WriteSsrcs(FloorList<uint> items, Span<byte> value)
    {
        var number = Math.Min(items.Count, (FloorCodec.MaxValueOctets - SsrcsStart) / SsrcOctets);
        value[..SsrcsStart].Clear();
        value[0] = (byte)number;
        for (var i = 0; i < number; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(value[(SsrcsStart + (i * SsrcOctets))..], items[i]);
        }

        return SsrcsStart + (number * SsrcOctets);
    }

    public static int WriteLocations(FloorList<FloorLocation> items, Span<byte> value)
    {
        var length = 1;
        value[0] = 0;
        foreach (var item in items)
        {
            if (length + item.Value.Length > FloorCodec.MaxValueOctets)
            {
                break;
            }

            item.Value.CopyTo(value[length..]);
            length += item.Value.Length;
            value[0]++;
        }

        return length;
    }

    private static FloorList<string>? ReadTexts(ReadOnlySpan<byte> value, int lengthOctets, bool exact)
    {
        if (value.IsEmpty)
        {
            return null;
        }

        var items = new string[value[0]];
        var rest = value[1..];
        for (var i = 0; i < items.Length; i++)
        {
            if (rest.Length < lengthOctets)
            {
                return null;
            }

            var octets = lengthOctets == 1 ? rest[0] : BinaryPrimitives.ReadUInt16BigEndian(rest);
            if (rest.Length < lengthOctets + octets || !Utf8.IsValid(rest.Slice(lengthOctets, octets)))
            {
                return null;
            }

            items[i] = Encoding.UTF8.GetString(rest.Slice(lengthOctets, octets));
            rest = rest[(lengthOctets + octets)..];
        }

        return exact && !rest.IsEmpty ? null : FloorList.Create<string>(items);
    }
}
