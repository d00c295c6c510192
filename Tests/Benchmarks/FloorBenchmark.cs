using Mcptt.Domain;
using Mcptt.Domain.Floor;
using Mcptt.Protocol.Messages;

namespace Mcptt.Benchmarks;

/// <summary>A floor decision alone, without journal and sockets: a request that is granted, and all that follows from it in the actor.</summary>
internal static class FloorBenchmark
{
    private const long StartUs = 1_800_000_000_000_000;

    public static Task RunAsync()
    {
        foreach (var participants in new uint[] { 3, 30, 300 })
        {
            Report(participants);
        }

        return Task.CompletedTask;
    }

    private static void Report(uint participants)
    {
        var kind = new FloorKind();
        var idle = Established(kind, participants);
        var request = Command("request", new FloorCommand { Request = new RequestFloor { Leg = 2, Ssrc = 7 } });
        var granted = kind.Decide(idle, request).Events;
        if (!granted.Any(happened => happened.Floor.BodyCase == FloorEvent.BodyOneofCase.Granted))
        {
            throw new InvalidOperationException("the request of the benchmark is not granted");
        }

        var taken = Fold(kind, idle, granted);
        var samples = Measure.Run(
            ("decide", () => kind.Decide(idle, request)),
            ("decide and evolve", () => Fold(kind, idle, kind.Decide(idle, request).Events)),
            ("decide, evolve and all messages encoded", () => React(kind, Fold(kind, idle, kind.Decide(idle, request).Events), granted)),
            ("denied or queued while another talks", () => kind.Decide(taken, Command("again", new FloorCommand { Request = new RequestFloor { Leg = 3, Ssrc = 8 } }))));
        Console.WriteLine($"{participants} participants");
        foreach (var sample in samples)
        {
            Console.WriteLine($"  {sample}  ratio to decide {sample.Median / samples[0].Median:F2}");
        }
    }

    private static int React(FloorKind kind, FloorState state, IReadOnlyList<DomainEvent> events) => events.Sum(happened => kind.React(state, happened).Count());

    private static FloorState Established(FloorKind kind, uint participants)
    {
        var state = Apply(kind, kind.Initial("ca11"), new FloorCommand
        {
            Open = new OpenFloor { MediaNode = "node1", Rules = new FloorRules { GroupId = "sip:brigade@example.org", QueueDepth = 8, SessionType = SessionType.Prearranged } },
        });
        for (uint leg = 1; leg <= participants; leg++)
        {
            var participant = new FloorParticipant { Leg = leg, McpttId = $"sip:user{leg}@example.org", UserPriority = 5, Queueing = true, FloorChannel = true };
            state = Apply(kind, state, new FloorCommand { AddParticipant = new AddParticipant { Participant = participant } });
        }

        return state;
    }

    private static FloorState Apply(FloorKind kind, FloorState state, FloorCommand body) => Fold(kind, state, kind.Decide(state, Command("set-up", body)).Events);

    private static FloorState Fold(FloorKind kind, FloorState state, IReadOnlyList<DomainEvent> events) => events.Aggregate(state, kind.Evolve);

    private static Command Command(string id, FloorCommand body) => new() { CommandId = id, To = ActorAddresses.Floor("ca11"), TimeUs = StartUs, Floor = body };
}
