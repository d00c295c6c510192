namespace Mcptt.Ue.Audio;

/// <summary>ITU-T G.711, both laws, between 16-bit linear samples and octets.</summary>
public static class G711
{
    private const int MuLawBias = 0x84;
    private const int MuLawClip = 32635;

    private static readonly short[] MuLawToLinear = Table(ExpandMuLaw);
    private static readonly short[] ALawToLinear = Table(ExpandALaw);

    public static byte Encode(short sample, G711Law law) => law == G711Law.MuLaw ? CompressMuLaw(sample) : CompressALaw(sample);

    public static short Decode(byte code, G711Law law) => law == G711Law.MuLaw ? MuLawToLinear[code] : ALawToLinear[code];

    /// <summary>Encodes as many samples as <paramref name="codes"/> takes.</summary>
    public static void Encode(ReadOnlySpan<short> samples, Span<byte> codes, G711Law law)
    {
        for (var i = 0; i < codes.Length; i++)
        {
            codes[i] = Encode(samples[i], law);
        }
    }

    public static void Decode(ReadOnlySpan<byte> codes, Span<short> samples, G711Law law)
    {
        for (var i = 0; i < codes.Length; i++)
        {
            samples[i] = Decode(codes[i], law);
        }
    }

    // Sign, three bits of segment, four of step; transmitted inverted, so that silence has many ones.
    private static byte CompressMuLaw(short sample)
    {
        var sign = sample < 0 ? 0x80 : 0;
        var magnitude = Math.Min(Math.Abs((int)sample), MuLawClip) + MuLawBias;
        var segment = Segment(magnitude >> 7);
        var step = (magnitude >> (segment + 3)) & 0x0F;
        return (byte)~(sign | (segment << 4) | step);
    }

    private static short ExpandMuLaw(byte code)
    {
        var value = ~code & 0xFF;
        var segment = (value >> 4) & 0x07;
        var magnitude = ((((value & 0x0F) << 3) + MuLawBias) << segment) - MuLawBias;
        return (short)((value & 0x80) != 0 ? -magnitude : magnitude);
    }

    // Thirteen bits; every other bit inverted (0x55), positive values carry the sign bit.
    private static byte CompressALaw(short sample)
    {
        var positive = sample >= 0;
        var magnitude = (positive ? sample : ~sample) >> 3;
        var segment = Segment(magnitude >> 4);
        var code = segment == 0 ? magnitude >> 1 : (segment << 4) | ((magnitude >> segment) & 0x0F);
        return (byte)((code | (positive ? 0x80 : 0)) ^ 0x55);
    }

    private static short ExpandALaw(byte code)
    {
        var value = code ^ 0x55;
        var segment = (value >> 4) & 0x07;
        var magnitude = ((value & 0x0F) << 4) + 8;
        if (segment > 0)
        {
            magnitude = (magnitude + 0x100) << (segment - 1);
        }

        return (short)((value & 0x80) != 0 ? magnitude : -magnitude);
    }

    // Position of the highest bit set, counted from bit 1: 0..7.
    private static int Segment(int value)
    {
        var segment = 0;
        while (segment < 7 && value > 1)
        {
            value >>= 1;
            segment++;
        }

        return segment;
    }

    private static short[] Table(Func<byte, short> expand)
    {
        var table = new short[256];
        for (var code = 0; code < table.Length; code++)
        {
            table[code] = expand((byte)code);
        }

        return table;
    }
}

/// <summary>The two laws, by their static RTP payload types (RFC 3551 table 4).</summary>
public enum G711Law
{
    MuLaw = 0,
    ALaw = 8,
}
