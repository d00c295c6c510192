namespace Mcptt.Ue.Audio;

/// <summary>Plays samples once, the last frame filled up with silence.</summary>
public sealed class SampleSource(ReadOnlyMemory<short> samples, G711Law law = G711Law.MuLaw) : IAudioSource
{
    private int _position;

    public bool TryRead(Span<byte> frame)
    {
        var left = samples.Span[_position..];
        if (left.IsEmpty)
        {
            return false;
        }

        var count = Math.Min(left.Length, frame.Length);
        G711.Encode(left, frame[..count], law);
        frame[count..].Fill(G711.Encode(0, law));
        _position += count;
        return true;
    }
}
