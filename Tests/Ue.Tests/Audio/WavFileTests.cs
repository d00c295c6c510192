using System.Buffers.Binary;
using Mcptt.Ue.Audio;

namespace Mcptt.Ue.Tests.Audio;

public sealed class WavFileTests
{
    private static readonly short[] Samples = [0, 1, -1, 32_767, -32_768, 1_234];

    [Fact]
    public void What_was_written_is_read_again()
    {
        Assert.True(WavFile.TryParse(WavFile.Write(Samples), out var read, out _));
        Assert.Equal(Samples, read);
    }

    [Fact]
    public void Chunks_that_are_not_audio_are_skipped()
    {
        var plain = WavFile.Write(Samples);
        byte[] withList = [.. plain[..36], .. "LIST"u8, 5, 0, 0, 0, 1, 2, 3, 4, 5, 0, .. plain[36..]];
        Assert.True(WavFile.TryParse(withList, out var read, out _));
        Assert.Equal(Samples, read);
    }

    [Fact]
    public void A_file_that_was_cut_gives_what_is_there()
    {
        Assert.True(WavFile.TryParse(WavFile.Write(Samples).AsSpan()[..^4], out var read, out _));
        Assert.Equal(Samples[..^2], read);
    }

    [Theory]
    [InlineData(22, 2, "2 channel(s)")]
    [InlineData(24, 16_000, "16000 Hz")]
    [InlineData(34, 8, "8 bits")]
    [InlineData(20, 7, "format 7")]
    public void Another_format_is_refused_by_name(int offset, ushort value, string named)
    {
        var file = WavFile.Write(Samples);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(offset), value);
        Assert.False(WavFile.TryParse(file, out _, out var fault));
        Assert.Contains(named, fault);
        Assert.Contains("sox", fault);
    }

    [Fact]
    public void Every_cut_of_a_file_is_read_or_refused_but_never_throws()
    {
        var file = WavFile.Write(Samples);
        for (var length = 0; length < file.Length; length++)
        {
            var read = WavFile.TryParse(file.AsSpan(0, length), out var samples, out var fault);
            Assert.Equal(read, samples is not null);
            Assert.Equal(!read, fault is not null);
        }
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        Assert.False(WavFile.TryRead("no-such.wav", out _, out var fault));
        Assert.Contains("no-such.wav", fault);
    }
}
