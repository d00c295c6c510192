using System.Diagnostics.Metrics;

namespace Mcptt.Actors;

/// <summary>Every bound of the runtime has its place here, with what happens at it.</summary>
public sealed record EngineOptions
{
    /// <summary>Makes the meter; null: one of no server in particular.</summary>
    public IMeterFactory? Meters { get; init; }

    /// <summary>Commands that may wait for one actor; further ones are answered OVERLOADED at once.</summary>
    public int MailboxLimit { get; init; } = 1_000;

    /// <summary>Effects of one actor that wait to be taken; beyond it commands from outside are answered OVERLOADED.</summary>
    public int OutboxLimit { get; init; } = 4_096;

    /// <summary>
    /// The same for commands that other actors tell and for timers. It is higher, because two actors with full outboxes
    /// that tell each other something would otherwise wait for one another for ever.
    /// </summary>
    public int OutboxHardLimit { get; init; } = 16_384;

    /// <summary>Commands whose ids and first replies an actor remembers; an older one that is repeated is decided anew.</summary>
    public int RememberedCommands { get; init; } = 256;

    /// <summary>Events after which an actor writes a snapshot.</summary>
    public int SnapshotEvery { get; init; } = 500;

    /// <summary>Actors in memory; beyond it a command for one that is not loaded is answered OVERLOADED until idle ones were unloaded.</summary>
    public int LoadedLimit { get; init; } = 200_000;

    /// <summary>After this time without a command an actor on which nothing relies is unloaded.</summary>
    public TimeSpan IdleTime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The same when the number of loaded actors nears its limit.</summary>
    public TimeSpan CrowdedIdleTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often notes on hand-over are stored and idle actors are looked for.</summary>
    public TimeSpan SweepInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a caller waits at most; then DEADLINE.</summary>
    public TimeSpan CommandDeadline { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Wait before an effect that was not taken is handed over again; doubled up to <see cref="RetryMax"/>.</summary>
    public TimeSpan RetryFirst { get; init; } = TimeSpan.FromMilliseconds(20);

    public TimeSpan RetryMax { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>After this time without the media plane taking anything of a session, effects for it are dropped and counted.</summary>
    public TimeSpan MediaGiveUp { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How often a command is decided on an actor's history while another node still writes to it; then it is answered MOVED.</summary>
    public int OvertakenAttempts { get; init; } = 3;

    /// <summary>Wait before an actor that was stopped by a failure is recovered to run its timers; doubled up to <see cref="RecoveryRetryMax"/>.</summary>
    public TimeSpan RecoveryRetryFirst { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan RecoveryRetryMax { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Timers that an actor fires before it looks at its mailbox again.</summary>
    public int TimersPerTurn { get; init; } = 64;

    /// <summary>Actors that are recovered at the same time at start.</summary>
    public int WarmStartParallelism { get; init; } = 8;

    /// <summary>How long a stop waits for what is under way; the rest is sent again after the next start.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What a caller is told to wait after OVERLOADED, JOURNAL and STOPPING.</summary>
    public uint RetryAfterSeconds { get; init; } = 2;
}
