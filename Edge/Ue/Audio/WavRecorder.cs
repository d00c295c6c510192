using System.Buffers.Binary;

namespace Mcptt.Ue.Audio;

/// <summary>
/// Records what is heard into a WAV file, silence kept: each frame lies where it was heard, so that the file lasts as long as the
/// recording did. Frames that overlap are mixed. Not thread safe: one receiver writes.
/// </summary>
public sealed class WavRecorder : IDisposable
{
    /// <summary>What lies beyond is not recorded; the call goes on.</summary>
    public static readonly TimeSpan MaxDuration = TimeSpan.FromHours(12);

    private static readonly long MaxSamples = (long)MaxDuration.TotalSeconds * WavFile.SampleRate;

    private readonly FileStream _file;
    private long _sampleCount;

    public WavRecorder(string path)
    {
        _file = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.Read);
        _file.SetLength(WavFile.HeaderBytes);
    }

    /// <summary>Mixes a frame in at a position from the start of the recording. What lies between the last frame and this one is silence.</summary>
    public void Write(long position, ReadOnlySpan<short> samples)
    {
        if (position < 0 || position + samples.Length > MaxSamples)
        {
            return;
        }

        Span<byte> bytes = stackalloc byte[samples.Length * sizeof(short)];
        bytes.Clear();
        var offset = WavFile.HeaderBytes + position * sizeof(short);
        if (position < _sampleCount)
        {
            _file.Position = offset;
            _file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        }

        for (var i = 0; i < samples.Length; i++)
        {
            var at = bytes[(i * sizeof(short))..];
            var mixed = BinaryPrimitives.ReadInt16LittleEndian(at) + samples[i];
            BinaryPrimitives.WriteInt16LittleEndian(at, (short)Math.Clamp(mixed, short.MinValue, short.MaxValue));
        }

        // The file system fills a gap before the offset with zeros, which is silence.
        _file.Position = offset;
        _file.Write(bytes);
        _sampleCount = Math.Max(_sampleCount, position + samples.Length);
    }

    /// <summary>Lengthens the recording with silence up to a position.</summary>
    public void ExtendTo(long position)
    {
        if (position > _sampleCount && position <= MaxSamples)
        {
            _file.SetLength(WavFile.HeaderBytes + position * sizeof(short));
            _sampleCount = position;
        }
    }

    public void Dispose()
    {
        Span<byte> header = stackalloc byte[WavFile.HeaderBytes];
        WavFile.WriteHeader(header, _sampleCount);
        _file.Position = 0;
        _file.Write(header);
        _file.Dispose();
    }
}
