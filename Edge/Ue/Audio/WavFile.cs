using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Mcptt.Ue.Audio;

/// <summary>
/// Reads RIFF WAVE files of the one kind that needs no conversion: 8 000 Hz, one channel, 16-bit PCM. Whatever else a file may be
/// is refused with a sentence that says what it is and how to convert it.
/// </summary>
public static class WavFile
{
    public const int SampleRate = 8_000;

    /// <summary>An hour of speech; a longer file is refused rather than read into memory.</summary>
    public const int MaxFileBytes = 3_600 * SampleRate * sizeof(short) + 4_096;

    internal const int HeaderBytes = 44;

    private const int RiffHeaderBytes = 12;
    private const int ChunkHeaderBytes = 8;
    private const int FormatBytes = 16;
    private const ushort PcmFormat = 1;
    private const ushort ExtensibleFormat = 0xFFFE;

    public static bool TryRead(string path, [NotNullWhen(true)] out short[]? samples, [NotNullWhen(false)] out string? fault)
    {
        samples = null;
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            fault = $"{path}: no such file";
            return false;
        }

        if (file.Length > MaxFileBytes)
        {
            fault = $"{path}: {file.Length} bytes, at most {MaxFileBytes} (an hour of speech) are played";
            return false;
        }

        try
        {
            if (TryParse(File.ReadAllBytes(path), out samples, out var reason))
            {
                fault = null;
                return true;
            }

            fault = $"{path}: {reason}";
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            fault = $"{path}: {e.Message}";
            return false;
        }
    }

    public static bool TryParse(ReadOnlySpan<byte> file, [NotNullWhen(true)] out short[]? samples, [NotNullWhen(false)] out string? fault)
    {
        samples = null;
        if (file.Length < RiffHeaderBytes || !file[..4].SequenceEqual("RIFF"u8) || !file[8..12].SequenceEqual("WAVE"u8))
        {
            fault = "not a WAV file (no RIFF/WAVE header)";
            return false;
        }

        var formatSeen = false;
        var rest = file[RiffHeaderBytes..];
        while (rest.Length >= ChunkHeaderBytes)
        {
            var id = rest[..4];
            var declared = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            rest = rest[ChunkHeaderBytes..];
            // A writer that was killed leaves a wrong length behind: what is there is what counts.
            var chunk = rest[..(int)Math.Min(declared, (uint)rest.Length)];
            if (id.SequenceEqual("fmt "u8))
            {
                fault = FaultOfFormat(chunk);
                if (fault is not null)
                {
                    return false;
                }

                formatSeen = true;
            }
            else if (id.SequenceEqual("data"u8) && formatSeen)
            {
                samples = ReadSamples(chunk);
                fault = null;
                return true;
            }

            rest = rest[Math.Min(chunk.Length + (chunk.Length & 1), rest.Length)..];
        }

        fault = formatSeen ? "no data chunk" : "no fmt chunk before the data";
        return false;
    }

    public static byte[] Write(ReadOnlySpan<short> samples)
    {
        var file = new byte[HeaderBytes + samples.Length * sizeof(short)];
        WriteHeader(file, samples.Length);
        for (var i = 0; i < samples.Length; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(HeaderBytes + i * sizeof(short)), samples[i]);
        }

        return file;
    }

    /*
     * "RIFF" size "WAVE" | "fmt " 16 format=1 channels=1 rate bytes/s block=2 bits=16 | "data" size
     */
    internal static void WriteHeader(Span<byte> header, long sampleCount)
    {
        var dataBytes = (uint)(sampleCount * sizeof(short));
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], dataBytes + HeaderBytes - ChunkHeaderBytes);
        "WAVEfmt "u8.CopyTo(header[8..]);
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], FormatBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(header[20..], PcmFormat);
        BinaryPrimitives.WriteUInt16LittleEndian(header[22..], 1);
        BinaryPrimitives.WriteUInt32LittleEndian(header[24..], SampleRate);
        BinaryPrimitives.WriteUInt32LittleEndian(header[28..], SampleRate * sizeof(short));
        BinaryPrimitives.WriteUInt16LittleEndian(header[32..], sizeof(short));
        BinaryPrimitives.WriteUInt16LittleEndian(header[34..], 8 * sizeof(short));
        "data"u8.CopyTo(header[36..]);
        BinaryPrimitives.WriteUInt32LittleEndian(header[40..], dataBytes);
    }

    private static string? FaultOfFormat(ReadOnlySpan<byte> chunk)
    {
        if (chunk.Length < FormatBytes)
        {
            return $"fmt chunk of {chunk.Length} bytes, at least {FormatBytes} expected";
        }

        var format = BinaryPrimitives.ReadUInt16LittleEndian(chunk);
        var channels = BinaryPrimitives.ReadUInt16LittleEndian(chunk[2..]);
        var rate = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
        var bits = BinaryPrimitives.ReadUInt16LittleEndian(chunk[14..]);
        var wanted = format is PcmFormat or ExtensibleFormat && channels == 1 && rate == SampleRate && bits == 16;
        return wanted
            ? null
            : $"format {format}, {rate} Hz, {channels} channel(s), {bits} bits; 8000 Hz, 1 channel, 16-bit PCM is needed: sox IN -r 8000 -c 1 -b 16 OUT.wav";
    }

    private static short[] ReadSamples(ReadOnlySpan<byte> data)
    {
        var samples = new short[data.Length / sizeof(short)];
        for (var i = 0; i < samples.Length; i++)
        {
            samples[i] = BinaryPrimitives.ReadInt16LittleEndian(data[(i * sizeof(short))..]);
        }

        return samples;
    }
}
