namespace Mcptt.Ue.Audio;

/// <summary>
/// A sine with a faint determined noise under it: every frame differs from every other, of this talker and of others, so that a
/// listener can be held to what it heard, frame by frame. Endless.
/// </summary>
public sealed class ToneSource(double frequencyHz, uint identity, G711Law law = G711Law.MuLaw) : IAudioSource
{
    private const double Amplitude = 8_000;

    // About 40 dB below the tone, yet several G.711 steps near the zero crossings.
    private const int NoiseMask = 0xFF;

    // xorshift32 must not start at zero.
    private uint _noise = identity == 0 ? 0x9E3779B9 : identity;
    private long _position;

    public bool TryRead(Span<byte> frame)
    {
        for (var i = 0; i < frame.Length; i++)
        {
            _noise ^= _noise << 13;
            _noise ^= _noise >> 17;
            _noise ^= _noise << 5;
            var tone = Amplitude * Math.Sin(2 * Math.PI * frequencyHz * _position++ / WavFile.SampleRate);
            frame[i] = G711.Encode((short)(tone + (_noise & NoiseMask) - NoiseMask / 2), law);
        }

        return true;
    }
}
