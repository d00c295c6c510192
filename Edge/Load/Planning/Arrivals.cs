using Mcptt.Load.Profiles;

namespace Mcptt.Load.Planning;

/// <summary>When calls begin: at a rate that climbs in a straight line during the ramp and then stays.</summary>
internal static class Arrivals
{
    /// <summary>Times since the ramp began, until the steady phase ends.</summary>
    public static IEnumerable<TimeSpan> Of(LoadProfile profile, LoadRandom random)
    {
        var (ramp, full) = ((double)profile.Phases.RampSeconds, (double)profile.Calls.PerSecond);
        var end = Expected(ramp + (double)profile.Phases.SteadySeconds);

        // In the time in which one call is expected per unit, gaps are equal or exponential with mean 1, whatever the rate does.
        for (var expected = Gap(); expected < end; expected += Gap())
        {
            yield return TimeSpan.FromSeconds(TimeOf(expected));
        }

        double Gap() => profile.Calls.Arrivals == "even" ? 1 : random.Exponential(1);

        // Calls until then: a triangle, then a rectangle.
        double Expected(double at) => full * (at < ramp ? at * at / (2 * ramp) : at - (ramp / 2));

        double TimeOf(double expected) => expected < full * ramp / 2 ? Math.Sqrt(2 * ramp * expected / full) : (expected / full) + (ramp / 2);
    }
}
