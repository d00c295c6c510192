using Mcptt.Ue.Audio;
using Mcptt.Ue.Media;

namespace Mcptt.Scenarios.Recordings;

/// <summary>What one listener heard, as samples, in the order in which it came; burst by burst as <see cref="Cut"/> says.</summary>
internal sealed class HeardSpeech : IAudioTap
{
    private readonly Lock _gate = new();
    private readonly List<short> _current = [];

    public List<short[]> Bursts { get; } = [];

    public int Samples
    {
        get
        {
            lock (_gate)
            {
                return _current.Count;
            }
        }
    }

    public void Sent(string user, ReadOnlySpan<byte> payload, long timestamp)
    {
    }

    public void Heard(string user, ReadOnlySpan<byte> payload, long timestamp)
    {
        lock (_gate)
        {
            foreach (var code in payload)
            {
                _current.Add(G711.Decode(code, G711Law.MuLaw));
            }
        }
    }

    public void Cut()
    {
        lock (_gate)
        {
            Bursts.Add([.. _current]);
            _current.Clear();
        }
    }
}
