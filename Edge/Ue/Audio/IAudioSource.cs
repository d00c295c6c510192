namespace Mcptt.Ue.Audio;

/// <summary>Where a talker's audio comes from, frame by frame of encoded octets.</summary>
public interface IAudioSource
{
    /// <summary>Fills one frame; false when the source is at its end.</summary>
    bool TryRead(Span<byte> frame);
}
