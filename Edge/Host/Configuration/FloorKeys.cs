namespace Mcptt.Host.Configuration;

/// <summary>Keys of the floor control server: timers and counters of TS 24.380 table 11.1.3-1.</summary>
internal static class FloorKeys
{
    private const string Seconds = "seconds";
    private const decimal HourSeconds = 3600m;

    public static IReadOnlyList<ConfigurationKey> All { get; } =
        [
            Timer("floor.t1Seconds", "T1: a burst is over when no RTP came for so long. The standard allows 6.", new SecondsKind(0.1m, 6m), floor => floor.T1, (floor, value) => floor with { T1 = value }),
            Timer("floor.t2Seconds", "T2: longest burst, where the group has no talkLimitSeconds.", new SecondsKind(1m, HourSeconds), floor => floor.T2, (floor, value) => floor with { T2 = value }),
            Timer("floor.t3Seconds", "T3: time to stop after a revoke, before the floor is taken away.", new SecondsKind(0.1m, 60m), floor => floor.T3, (floor, value) => floor with { T3 = value }),
            Timer("floor.t4Seconds", "T4: a call in which nobody talks for so long is released, where the group has no hangTimerSeconds.", new SecondsKind(1m, 24 * HourSeconds), floor => floor.T4, (floor, value) => floor with { T4 = value }),
            Timer("floor.t7Seconds", "T7: interval at which Floor Idle is repeated. 0: it is not.", new SecondsKind(0m, HourSeconds), floor => floor.T7, (floor, value) => floor with { T7 = value }),
            Timer("floor.t8Seconds", "T8: interval at which Floor Revoke is repeated.", new SecondsKind(0.1m, 60m), floor => floor.T8, (floor, value) => floor with { T8 = value }),
            Timer("floor.t11Seconds", "T11: as T1, for who talks over another (dual floor).", new SecondsKind(0.1m, 6m), floor => floor.T11, (floor, value) => floor with { T11 = value }),
            Timer("floor.t12Seconds", "T12: as T2, for who talks over another (dual floor).", new SecondsKind(1m, HourSeconds), floor => floor.T12, (floor, value) => floor with { T12 = value }),
            Timer("floor.t20Seconds", "T20: interval at which Floor Granted is repeated after a wait in the queue.", new SecondsKind(0.1m, 60m), floor => floor.T20, (floor, value) => floor with { T20 = value }),
            Timer("floor.maxQueueSeconds", "A request that waited in the queue for so long is denied (max-user-request-time). 0: it waits on.", new SecondsKind(0m, HourSeconds), floor => floor.MaxQueueTime, (floor, value) => floor with { MaxQueueTime = value }),
            Number("floor.c7", "C7: how often Floor Idle is sent while nobody talks, the first one included.", new NumberKind(1, 1000), floor => floor.C7, (floor, value) => floor with { C7 = value }),
            Number("floor.c20", "C20: how often Floor Granted is sent after a wait in the queue.", new NumberKind(1, 1000), floor => floor.C20, (floor, value) => floor with { C20 = value }),
            Number("floor.release", "Release of TS 24.380 that is spoken: message 14 changed its meaning with release 18.", new NumberKind(13, 20), floor => floor.Release, (floor, value) => floor with { Release = value }),
        ];

    private static ConfigurationKey<TimeSpan> Timer(
        string name,
        string meaning,
        SecondsKind kind,
        Func<FloorSettings, TimeSpan> get,
        Func<FloorSettings, TimeSpan, FloorSettings> set
    ) => new(name, Seconds, meaning, kind, options => get(options.Floor), (options, value) => options with { Floor = set(options.Floor, value) });

    private static ConfigurationKey<long> Number(
        string name,
        string meaning,
        NumberKind kind,
        Func<FloorSettings, uint> get,
        Func<FloorSettings, uint, FloorSettings> set
    ) => new(name, "", meaning, kind, options => get(options.Floor), (options, value) => options with { Floor = set(options.Floor, (uint)value) });
}
