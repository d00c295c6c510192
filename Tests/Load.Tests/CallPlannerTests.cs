using Mcptt.Load.Planning;
using Mcptt.Load.Profiles;
using Mcptt.Testing;

namespace Mcptt.Load.Tests;

public sealed class CallPlannerTests
{
    private static readonly LoadProfile Profile = new()
    {
        Groups = new GroupsProfile { Members = 5 },
        Calls = new CallsProfile { PerSecond = 7, Length = new DurationProfile { Kind = "exponential", Seconds = 10, MinSeconds = 1, MaxSeconds = 40 }, LateEntryShare = 0.4m, EmergencyShare = 0.2m },
        Bursts = new BurstsProfile { Length = new DurationProfile { Kind = "uniform", MinSeconds = 1, MaxSeconds = 4 }, ContentionShare = 0.5m, Contenders = 2 },
    };

    [Fact]
    public void Plans_keep_to_the_profile_whatever_the_seed()
    {
        var seed = (ulong)Seed.Take();
        var planner = new CallPlanner(Profile, new LoadRandom(seed));
        for (var call = 0; call < 2_000; call++)
        {
            var plan = planner.Next();
            var told = $"seed {seed}, call {call}: {plan}";

            Assert.True(plan.Length >= TimeSpan.FromSeconds(1) && plan.Length <= TimeSpan.FromSeconds(40), told);
            Assert.True(plan.Caller is >= 0 and < 4 && plan.Bursts.Count > 0 && plan.Bursts[0].Talker == plan.Caller && plan.Bursts[0].At == TimeSpan.Zero, told);
            Assert.All(plan.Bursts, burst => Assert.True(burst.At + burst.Length <= plan.Length, told));
            Assert.All(plan.Bursts, burst => Assert.True(burst.Talker < 4 && burst.Contenders.All(place => place < 4 && place != burst.Talker) && burst.Contenders.Count is 0 or 2, told));
            Assert.True(plan.Bursts.Zip(plan.Bursts.Skip(1)).All(pair => pair.Second.At >= pair.First.At + ((1 + pair.First.Contenders.Count) * pair.First.Length)), told);
            Assert.True(plan.LateEntryAt is not { } late || plan.Bursts.Any(burst => late > burst.At && late < burst.At + burst.Length), told);
        }
    }

    [Fact]
    public void Shares_come_true_in_the_long_run()
    {
        var planner = new CallPlanner(Profile, new LoadRandom(42));
        var plans = Enumerable.Range(0, 5_000).Select(_ => planner.Next()).ToList();

        Assert.InRange(plans.Count(plan => plan.Emergency), 900, 1_100);
        Assert.InRange(plans.Count(plan => plan.LateEntryAt is not null), 1_900, 2_100);
        Assert.InRange(plans.Average(plan => plan.Length.TotalSeconds), 9, 10.5);
    }

    [Fact]
    public void The_same_seed_plans_the_same_calls()
    {
        var (one, two) = (new CallPlanner(Profile, new LoadRandom(7)), new CallPlanner(Profile, new LoadRandom(7)));

        Assert.Equal(Enumerable.Range(0, 50).Select(_ => Told(one.Next())), Enumerable.Range(0, 50).Select(_ => Told(two.Next())));
    }

    [Fact]
    public void A_call_shorter_than_a_burst_has_one_that_fits()
    {
        var planner = new CallPlanner(Profile with { Calls = new CallsProfile { Length = new DurationProfile { Seconds = 1 } }, Bursts = new BurstsProfile { Length = new DurationProfile { Seconds = 9 } } }, new LoadRandom(1));

        Assert.Equal(TimeSpan.FromSeconds(0.5), Assert.Single(planner.Next().Bursts).Length);
    }

    [Theory]
    [InlineData("even")]
    [InlineData("random")]
    public void Calls_come_at_a_rate_that_climbs_and_then_stays(string arrivals)
    {
        var profile = new LoadProfile { Calls = new CallsProfile { PerSecond = 50, Arrivals = arrivals }, Phases = new PhasesProfile { RampSeconds = 20, SteadySeconds = 100 } };

        var times = Arrivals.Of(profile, new LoadRandom(3)).Select(time => time.TotalSeconds).ToList();

        Assert.Equal(times.Order(), times);
        Assert.All(times, time => Assert.InRange(time, 0, 120));
        Assert.InRange(times.Count(time => time < 10), 90, 165); // A quarter of the ramp's 500.
        Assert.InRange(times.Count(time => time < 20), 420, 580);
        Assert.InRange(times.Count(time => time is >= 20 and < 70), 2_300, 2_700);
    }

    [Fact]
    public void No_rate_means_no_calls() => Assert.Empty(Arrivals.Of(new LoadProfile { Calls = new CallsProfile { PerSecond = 0 } }, new LoadRandom(1)));

    private static string Told(CallPlan plan) => $"{plan.Caller} {plan.Length} {plan.Emergency} {plan.LateEntryAt} {string.Join(',', plan.Bursts.Select(burst => $"{burst.At}+{burst.Length} {burst.Talker} {string.Join('/', burst.Contenders)}"))}";
}
