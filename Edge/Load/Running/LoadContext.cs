using Mcptt.Load.Measuring;
using Mcptt.Load.Profiles;

namespace Mcptt.Load.Running;

/// <summary>What everything of one run shares.</summary>
internal sealed class LoadContext(LoadProfile profile, LoadMeasures measures, Pacer pacer, uint run)
{
    private int _lastBurst;

    public LoadProfile Profile => profile;

    public LoadMeasures Measures => measures;

    public Pacer Pacer => pacer;

    /// <summary>Stands in every voice packet: what another generator sends is not ours.</summary>
    public uint Run => run;

    public uint NextBurst() => (uint)Interlocked.Increment(ref _lastBurst);
}
