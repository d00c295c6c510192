using Google.Protobuf;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Tests.Laws;

/// <summary>Laws that hold for every kind of actor. States are compared by their snapshots.</summary>
public static class ActorLaws
{
    private const int SnapshotCuts = 4;

    public static TState Replay<TState>(ActorKind<TState> kind, string id, IEnumerable<DomainEvent> events) =>
        Replay(kind, kind.Initial(id), events);

    public static TState Replay<TState>(ActorKind<TState> kind, TState from, IEnumerable<DomainEvent> events) =>
        events.Aggregate(from, (state, happened) => kind.Evolve(state, DomainEvent.Parser.ParseFrom(happened.ToByteArray())));

    /// <summary>All laws of a finished run; note says how to repeat it (the seed).</summary>
    public static void AssertHold<TState>(ActorRun<TState> run, string note)
    {
        AssertReplayEqualsHistory(run, note);
        for (var part = 0; part <= SnapshotCuts; part++)
        {
            AssertSnapshotAndTail(run, run.Events.Count * part / SnapshotCuts, note);
        }

        AssertReactionsAreRepeatable(run, note);
        AssertTimersAreDistinct(run, note);
        AssertFinishedHasNoTimers(run, note);
        AssertResumeIsRepeatable(run, note);
    }

    public static void AssertReplayEqualsHistory<TState>(ActorRun<TState> run, string note)
    {
        var once = run.Kind.Save(Replay(run.Kind, run.Id, run.Events));
        var twice = run.Kind.Save(Replay(run.Kind, run.Id, run.Events));
        AssertEqual(run.Kind.Save(run.State), once, $"replay differs from history, {note}");
        AssertEqual(once, twice, $"two replays differ, {note}");
    }

    /// <summary>Also when the snapshot was taken between two events of one command.</summary>
    public static void AssertSnapshotAndTail<TState>(ActorRun<TState> run, int cut, string note)
    {
        var head = Replay(run.Kind, run.Id, run.Events.Take(cut));
        var saved = DomainSnapshot.Parser.ParseFrom(run.Kind.Save(head).ToByteArray());
        var loaded = run.Kind.Load(run.Id, saved);

        // What Save forgets it also forgets when states are compared, but not their timers and their Resume.
        AssertSameTimers(run.Kind, head, loaded, $"the snapshot at {cut} has other timers, {note}");
        Assert.True(run.Kind.Resume(head).SequenceEqual(run.Kind.Resume(loaded)), $"the snapshot at {cut} resumes otherwise, {note}");
        var end = Replay(run.Kind, loaded, run.Events.Skip(cut));
        AssertEqual(run.Kind.Save(run.State), run.Kind.Save(end), $"snapshot at {cut} + tail differs from full replay, {note}");
        AssertSameTimers(run.Kind, run.State, end, $"snapshot at {cut} + tail has other timers, {note}");
    }

    /// <summary>An effect that is handed over again must be the same effect, made from replayed state.</summary>
    public static void AssertReactionsAreRepeatable<TState>(ActorRun<TState> run, string note)
    {
        var one = run.Kind.Initial(run.Id);
        var other = run.Kind.Initial(run.Id);
        foreach (var happened in run.Events)
        {
            one = run.Kind.Evolve(one, happened);
            other = run.Kind.Evolve(other, happened);
            Assert.True(
                run.Kind.React(one, happened).SequenceEqual(run.Kind.React(other, happened)),
                $"two reactions to the same event differ: {happened}, {note}");
        }
    }

    public static void AssertTimersAreDistinct<TState>(ActorRun<TState> run, string note)
    {
        var names = run.Kind.Timers(run.State).Select(timer => timer.Name).ToList();
        Assert.True(names.Count == names.Distinct().Count(), $"two timers of one name: {string.Join(' ', names)}, {note}");
    }

    public static void AssertFinishedHasNoTimers<TState>(ActorRun<TState> run, string note) =>
        Assert.False(run.Kind.IsFinished(run.State) && run.Kind.Timers(run.State).Any(), $"a finished actor keeps timers, {note}");

    public static void AssertResumeIsRepeatable<TState>(ActorRun<TState> run, string note) =>
        Assert.True(run.Kind.Resume(run.State).SequenceEqual(run.Kind.Resume(run.State)), $"Resume differs from itself, {note}");

    private static void AssertSameTimers<TState>(ActorKind<TState> kind, TState expected, TState actual, string note) =>
        Assert.True(kind.Timers(expected).OrderBy(timer => timer.Name).SequenceEqual(kind.Timers(actual).OrderBy(timer => timer.Name)), note);

    private static void AssertEqual(DomainSnapshot expected, DomainSnapshot actual, string note) =>
        Assert.True(expected.Equals(actual), $"{note}\nexpected {expected}\nactual   {actual}");
}
