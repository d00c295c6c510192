using System.Collections.Immutable;
using Mcptt.Domain;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Tests.Ledger;

/// <summary>
/// An actor made for testing the runtime: a list of words. It is carried by messages of the Ue: the command's client id is a
/// verb, its group ids are words; each word becomes one event and each event may have effects, named by the word's prefix.
/// </summary>
internal sealed class LedgerKind(ActorKindName name = ActorKindName.Ue) : ActorKind<LedgerState>
{
    public const string IgnoredTimer = "ignored";

    /// <summary>A word after which no event can be evolved.</summary>
    public const string Poison = "poison";

    /// <summary>A verb whose words are events and leave nothing in the state: for as many as one likes.</summary>
    public const string Tally = "tally";

    public override ActorKindName Name { get; } = name;

    public override LedgerState Initial(string id) => LedgerState.Empty;

    public override Decision Decide(LedgerState state, Command command)
    {
        if (command.Timer is { } timer)
        {
            return timer.Name != IgnoredTimer && state.Timers.Contains(new ActorTimer(timer.Name, timer.DueUs))
                ? Decision.Accept([Event("fired", $"{timer.Name}@{timer.DueUs}")])
                : Decision.AlreadySo;
        }

        if (command.Ue.GetUe is not null)
        {
            var view = new UeView();
            view.ImplicitGroupIds.AddRange(state.Words);
            return Decision.Answer(new Accepted { Ue = view });
        }

        var words = command.Ue.PublishAffiliation.GroupIds;
        return command.Ue.PublishAffiliation.ClientId switch
        {
            "say" => Decision.Accept([.. words.Select(word => Event("say", word))]),
            "said" => Decision.Accept([.. words.Select(word => Event("say", word))], View($"said {string.Join(' ', words)} at {command.TimeUs}")),
            Tally => Decision.Accept([.. words.Select(word => Event(Tally, word))]),
            "timer" => Decision.Accept([Event("timer", words[0])]),
            "close" => Decision.Accept([Event("close", "")]),
            "reject" => Decision.Reject(RejectionCode.Conflict, "as asked"),
            "refuse" => Decision.Refuse(Refusal(command), [.. words.Select(word => Event("say", word))]),
            "count" => Decision.Refuse(Refusal(command), []).Counted(),
            "tell" => Decision.Accept([Event("say", $"counted {command.Unrecorded}")]).TellingCount(),
            "nothing" => Decision.AlreadySo,
            _ => throw new InvalidOperationException("a bug in Decide"),
        };
    }

    public override LedgerState Evolve(LedgerState state, DomainEvent happened)
    {
        var change = happened.Ue.AffiliationsPublished;
        var word = change.GroupIds[0];
        return change.ClientId switch
        {
            _ when state.Words.Contains(Poison) => throw new InvalidOperationException("an impossible pair of state and event"),
            "say" when word == "bad-evolve" => throw new InvalidOperationException("a bug in Evolve"),
            "say" => state with { Words = state.Words.Add(word) },
            Tally => state,
            "timer" => state with { Timers = state.Timers.RemoveAll(timer => timer.Name == Timer(word).Name).Add(Timer(word)) },
            "fired" => state with { Words = state.Words.Add("fired:" + word), Timers = state.Timers.Remove(Timer(word)) },
            "close" => state with { Closed = true, Timers = [] },
            _ => throw new InvalidOperationException($"unknown event {change.ClientId}"),
        };
    }

    public override IEnumerable<Effect> React(LedgerState state, DomainEvent happened)
    {
        var word = happened.Ue.AffiliationsPublished.GroupIds[0];
        var parts = word.Split('>');
        switch (parts[0])
        {
            case "sip":
                yield return new Effect { Sip = new SipEffect { Bye = new ByeLeg { Reason = $"{word}#{state.Words.Count}" } } };
                break;
            case "both":
                yield return new Effect { Media = new MediaEffect { Close = new CloseMediaSession() } };
                yield return new Effect { Sip = new SipEffect { Bye = new ByeLeg { Reason = $"{word}#{state.Words.Count}" } } };
                break;
            case "media":
                yield return new Effect { Media = new MediaEffect { SetTalkers = new SetTalkers { Epoch = (ulong)state.Words.Count } } };
                break;
            case "open":
                yield return new Effect { Media = new MediaEffect { Open = new OpenMediaSession { NearNode = parts[1] } } };
                break;
            case "speak":
                yield return new Effect { Media = new MediaEffect { SendFloor = new SendFloorMessages() } };
                break;
            case "tell":
                yield return new Effect { Command = Tell(new ActorAddress { Kind = Name, Id = parts[1] }, string.Join('>', parts[2..])) };
                break;
            case "bad-react":
                throw new InvalidOperationException("a bug in React");
        }
    }

    public override IEnumerable<ActorTimer> Timers(LedgerState state) => state.Timers;

    public override IEnumerable<Effect> Resume(LedgerState state) =>
        state.Words.Contains("resume") && !state.Closed
            ? [new Effect { Media = new MediaEffect { Open = new OpenMediaSession { RtpPort = (uint)state.Words.Count } } }]
            : [];

    public override bool IsFinished(LedgerState state) => state.Closed;

    public override DomainSnapshot Save(LedgerState state)
    {
        var snapshot = new UeSnapshot { Profile = new UserProfile { DisplayName = state.Closed ? "closed" : "" } };
        snapshot.ImplicitGroupIds.AddRange(state.Words);
        snapshot.Published.AddRange(state.Timers.Select(timer => new AffiliationsPublished { ClientId = $"{timer.Name}@{timer.DueUs}" }));
        return new DomainSnapshot { Ue = snapshot };
    }

    public override LedgerState Load(string id, DomainSnapshot snapshot) =>
        new([.. snapshot.Ue.ImplicitGroupIds], [.. snapshot.Ue.Published.Select(timer => Timer(timer.ClientId))], snapshot.Ue.Profile.DisplayName == "closed");

    public static Command Say(ActorAddress to, string commandId, params string[] words) => Make(to, commandId, "say", words);

    public static Command Get(ActorAddress to) => new() { CommandId = "get", To = to, Ue = new UeCommand { GetUe = new GetUe() } };

    public static Command Make(ActorAddress to, string commandId, string verb, params string[] words)
    {
        var command = Tell(to, words);
        command.CommandId = commandId;
        command.Ue.PublishAffiliation.ClientId = verb;
        return command;
    }

    private static Command Tell(ActorAddress to, params string[] words)
    {
        var say = new PublishAffiliation { ClientId = words is ["throw" or "reject"] ? words[0] : "say" };
        say.GroupIds.AddRange(words);
        return new Command { To = to, Ue = new UeCommand { PublishAffiliation = say } };
    }

    private static Rejection Refusal(Command command) => new() { Code = RejectionCode.NotAMember, Detail = $"refused at {command.TimeUs}" };

    private static Accepted View(string text)
    {
        var view = new UeView();
        view.ImplicitGroupIds.Add(text);
        return new Accepted { Ue = view };
    }

    /// <summary>"lean>name>run" says on which; "Lost ..." that it is gone.</summary>
    public override NodeRun? LeansOn(LedgerState state) =>
        state.Words.LastOrDefault(word => word.StartsWith("lean>", StringComparison.Ordinal) || word.StartsWith(nameof(NodeFate.Lost), StringComparison.Ordinal))?.Split('>') is ["lean", var name, var run, ..]
            ? new NodeRun(name, run)
            : null;

    public override Command TellOf(NodeRun node, NodeFate fate) => Say(new ActorAddress(), "", $"{fate} {node.Name} {node.Run}");

    private static DomainEvent Event(string verb, string word)
    {
        var change = new AffiliationsPublished { ClientId = verb };
        change.GroupIds.Add(word);
        return new DomainEvent { Ue = new UeEvent { AffiliationsPublished = change } };
    }

    private static ActorTimer Timer(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        return new ActorTimer(text[..at], long.Parse(text[(at + 1)..]));
    }
}

internal sealed record LedgerState(ImmutableList<string> Words, ImmutableList<ActorTimer> Timers, bool Closed)
{
    public static LedgerState Empty { get; } = new([], [], false);
}
