using Mcptt.Domain.Audit.Stories;
using Mcptt.Domain.Ports;
using Mcptt.Protocol.Messages;

namespace Mcptt.Api.Tests;

/// <summary>The journal of one call: alice talked for two seconds, bob could hear it, mallory was refused.</summary>
internal sealed class RecordedStories : ICallStories
{
    public const string Call = "3f2a9c0d1e2b3a4c5d6e7f80";

    // 2026-11-21 14:03:00 UTC.
    private const long StartUs = 1_795_269_780_000_000;
    private const long Second = 1_000_000;

    public List<CallFilter> Filters { get; } = [];

    /// <summary>The journal cannot be read.</summary>
    public AuditUnavailableException? Fails { get; set; }

    private static CallStory Story { get; } = new()
    {
        Call = Call,
        Group = "sip:brigade@example.org",
        SessionType = SessionType.Prearranged,
        Originator = "sip:alice@example.org",
        StartedUs = StartUs,
        EndedUs = StartUs + (20 * Second),
        LastUs = StartUs + (20 * Second),
        EndReason = "hang timer",
        Legs = [Leg(1, "alice"), Leg(2, "bob")],
        Bursts =
        [
            new StoryBurst
            {
                Number = 1,
                Leg = 1,
                User = "sip:alice@example.org",
                AskedUs = StartUs + (6 * Second),
                GrantedUs = StartUs + (6 * Second),
                FirstPacketUs = StartUs + (6 * Second),
                EndedUs = StartUs + (8 * Second),
                Why = "released",
            },
        ],
        Refusals = [new StoryRefusal(StartUs + (7 * Second), StoryAsked.Join, 0, "sip:mallory@example.org", "1", "user is not part of the MCPTT group (Warning 116)", "", "TS 24.379 4.4.2")],
    };

    public ValueTask<IReadOnlyList<string>> FindAsync(string beginning, int limit, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<string>>(Call.StartsWith(beginning, StringComparison.Ordinal) ? [Call] : []);

    public ValueTask<CallStory?> TellAsync(string call, CancellationToken cancellationToken) =>
        Fails is { } failure ? throw failure : ValueTask.FromResult(call == Call ? Story : null);

    public ValueTask<IReadOnlyList<CallStory>> LatestAsync(CallFilter filter, int count, CancellationToken cancellationToken)
    {
        Filters.Add(filter);
        return ValueTask.FromResult<IReadOnlyList<CallStory>>([Story]);
    }

    private static StoryLeg Leg(uint leg, string name) =>
        new() { Leg = leg, User = $"sip:{name}@example.org", Client = "1", FromUs = StartUs, JoinedUs = StartUs + Second, EndedUs = StartUs + (20 * Second), Outcome = StoryOutcome.Left };
}
