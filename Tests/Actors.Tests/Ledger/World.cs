using Mcptt.Domain.Ports;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Tests.Ledger;

/// <summary>The SIP and media ports: remembers what came, and refuses while told to.</summary>
internal sealed class World : ISipOutbox, IMediaPlane
{
    private readonly Lock _gate = new();
    private readonly List<SipEffect> _sip = [];
    private readonly List<MediaEffect> _media = [];

    public bool RefusesSip { get; set; }

    public int Load { get; set; }

    public int SessionChecks { get; private set; }

    public bool RefusesMedia { get; set; }

    public bool Throws { get; set; }

    public IReadOnlyList<SipEffect> Sip
    {
        get
        {
            lock (_gate)
            {
                return [.. _sip];
            }
        }
    }

    public IReadOnlyList<MediaEffect> Media
    {
        get
        {
            lock (_gate)
            {
                return [.. _media];
            }
        }
    }

    public ValueTask<bool> SendAsync(SipEffect effect, CancellationToken cancellationToken) => new(Take(_sip, effect, RefusesSip));

    public ValueTask<bool> ApplyAsync(MediaEffect effect, CancellationToken cancellationToken) => new(Take(_media, effect, RefusesMedia));

    public void CheckSessions() => SessionChecks++;

    private bool Take<T>(List<T> taken, T effect, bool refuses)
    {
        if (Throws)
        {
            throw new IOException("the port fails");
        }

        if (refuses)
        {
            return false;
        }

        lock (_gate)
        {
            taken.Add(effect);
        }

        return true;
    }
}
