using Mcptt.Load.Profiles;

namespace Mcptt.Load.Planning;

/// <summary>Plans calls from a profile's distributions. The same seed plans the same calls. Not thread safe.</summary>
internal sealed class CallPlanner(LoadProfile profile, LoadRandom random)
{
    /// <summary>A burst is let go so long before the call ends, so that its end is heard.</summary>
    private static readonly TimeSpan BeforeTheEnd = TimeSpan.FromSeconds(0.5);

    private static readonly TimeSpan ShortestBurst = TimeSpan.FromSeconds(0.5);

    // Into a burst, so that there is audio to hear, and with most of it still to come.
    private const double LateEntryPart = 0.3;

    /// <summary>Places of members that take part from the beginning.</summary>
    private int Regular => (int)profile.Groups.Members - (profile.Calls.LateEntryShare > 0 ? 1 : 0);

    public CallPlan Next()
    {
        var length = Length(profile.Calls.Length);
        var caller = random.Below(Regular);
        var bursts = Bursts(length, caller);
        TimeSpan? late = random.Chance((double)profile.Calls.LateEntryShare) ? LateInto(bursts) : null;
        return new CallPlan(caller, length, random.Chance((double)profile.Calls.EmergencyShare), bursts, late);
    }

    public TimeSpan Length(DurationProfile duration)
    {
        var (least, most) = ((double)duration.MinSeconds, (double)duration.MaxSeconds);
        return TimeSpan.FromSeconds(duration.Kind switch
        {
            "uniform" => least + (random.NextDouble() * (most - least)),
            "exponential" => Math.Clamp(random.Exponential((double)duration.Seconds), least, most),
            _ => (double)duration.Seconds,
        });
    }

    private List<BurstPlan> Bursts(TimeSpan callLength, int caller)
    {
        var bursts = new List<BurstPlan>();
        var talker = caller;
        var end = callLength - BeforeTheEnd;
        for (var at = TimeSpan.Zero; ;)
        {
            var length = Length(profile.Bursts.Length);
            var contenders = bursts.Count == 0 ? [] : Contenders(talker); // At the first one hardly anybody has joined.
            if (at + length > end)
            {
                // The first one is cut to fit: a call without any would be no load.
                if (bursts.Count == 0)
                {
                    bursts.Add(new BurstPlan(at, end > ShortestBurst ? end : ShortestBurst, talker, []));
                }

                return bursts;
            }

            var turns = profile.Groups.QueueDepth > 0 ? 1 + contenders.Count : 1;
            contenders = at + (turns * length) > end ? [] : contenders;
            bursts.Add(new BurstPlan(at, length, talker, contenders));
            at += ((profile.Groups.QueueDepth > 0 ? 1 + contenders.Count : 1) * length) + Length(profile.Bursts.Pause);
            talker = random.Below(Regular);
        }
    }

    private List<int> Contenders(int talker)
    {
        var contenders = new List<int>();
        if (random.Chance((double)profile.Bursts.ContentionShare))
        {
            for (var next = 1; next <= profile.Bursts.Contenders && next < Regular; next++)
            {
                contenders.Add((talker + next) % Regular);
            }
        }

        return contenders;
    }

    private static TimeSpan LateInto(List<BurstPlan> bursts)
    {
        var into = bursts.Skip(1).DefaultIfEmpty(bursts[0]).MaxBy(burst => burst.Length)!; // There is at least one.
        return into.At + (into.Length * LateEntryPart);
    }
}
