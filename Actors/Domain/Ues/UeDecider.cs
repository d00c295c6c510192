using Mcptt.Protocol.Messages;
using Known = Mcptt.Domain.Ues.UeState.Known;

namespace Mcptt.Domain.Ues;

internal static class UeDecider
{
    public static Decision Decide(UeState state, Command command) =>
        command.BodyCase switch
        {
            Command.BodyOneofCase.Ue => OfUe(state, command, command.Ue),
            Command.BodyOneofCase.Timer => state is Known known ? Fired(known, command) : Decision.AlreadySo,
            _ => Decision.Reject(RejectionCode.InvalidRequest, $"a user takes no {command.BodyCase} command"),
        };

    private static Decision OfUe(UeState state, Command command, UeCommand ue) =>
        (ue.BodyCase, state) switch
        {
            (UeCommand.BodyOneofCase.PutUser, _) => PutUser(state, command, ue.PutUser.Profile),
            (UeCommand.BodyOneofCase.SetImplicitAffiliation, _) => UeAffiliations.SetImplicit(state, command, ue.SetImplicitAffiliation),
            (UeCommand.BodyOneofCase.AffiliationOutcome, _) => UeAffiliations.Outcome(state, command, ue.AffiliationOutcome),
            (UeCommand.BodyOneofCase.Register, _) => UeBindings.Register(state, command, ue.Register),
            (UeCommand.BodyOneofCase.RemoveUser, Known known) => RemoveUser(known, command),
            (UeCommand.BodyOneofCase.PublishSettings, Known known) => UeBindings.PublishSettings(known, command, ue.PublishSettings),
            (UeCommand.BodyOneofCase.PublishAffiliation, Known known) => UeAffiliations.Publish(known, command, ue.PublishAffiliation),
            (UeCommand.BodyOneofCase.SubscribeAffiliation, Known known) => UeSubscriptions.Subscribe(known, command, ue.SubscribeAffiliation),
            (UeCommand.BodyOneofCase.GetSubscriber, Known known) =>
                Decision.Answer(new Accepted { Subscriber = new SubscriberView { Profile = known.Profile } }),
            (UeCommand.BodyOneofCase.GetUe, Known known) => Decision.Answer(new Accepted { Ue = UeViews.View(known) }),
            (UeCommand.BodyOneofCase.None, _) => Decision.Reject(RejectionCode.InvalidRequest, "an empty command to a user"),
            _ => UserUnknown(state),
        };

    public static Decision UserUnknown(UeState state) => Decision.Reject(RejectionCode.UserUnknown, $"no user {state.Id}");

    public static DomainEvent Happened(Command command, UeEvent happened) => new() { TimeUs = command.TimeUs, Ue = happened };

    private static Decision PutUser(UeState state, Command command, UserProfile? profile)
    {
        if (profile is null || profile.McpttId != state.Id)
        {
            return Decision.Reject(RejectionCode.InvalidRequest, $"mcptt_id is \"{profile?.McpttId}\", the user is {state.Id}");
        }

        return state is Known known && known.Profile.Equals(profile)
            ? Decision.AlreadySo
            : Decision.Accept([Happened(command, new UeEvent { UserProvisioned = new UserProvisioned { Profile = profile } })]);
    }

    private static Decision RemoveUser(Known known, Command command)
    {
        var events = known.Clients.Values
            .Select(client => UeBindings.Deregistered(command, client, DeregistrationCause.UserRemoved))
            .ToList();

        // Each client that leaves makes a NOTIFY of its own: the last one of a dialog has the CSeq after those.
        var state = events.Aggregate((UeState)known, UeEvolver.Evolve);
        events.AddRange(((Known)state).Subscriptions.Values
            .Select(subscription => UeSubscriptions.Ended(command, subscription.Dialog.Next(), SubscriptionEnd.UserRemoved)));
        events.Add(Happened(command, new UeEvent { UserRemoved = new UserRemoved() }));
        return Decision.Accept(events);
    }

    private static Decision Fired(Known known, Command command)
    {
        var timer = command.Timer;
        if (timer.Name.StartsWith(UeTimers.Binding, StringComparison.Ordinal)
            && known.Clients.TryGetValue(timer.Name[UeTimers.Binding.Length..], out var client)
            && client.Registration.ExpiresAtUs == timer.DueUs)
        {
            return Decision.Accept([UeBindings.Deregistered(command, client, DeregistrationCause.Expired)]);
        }

        if (timer.Name.StartsWith(UeTimers.Subscription, StringComparison.Ordinal)
            && known.Subscriptions.TryGetValue(timer.Name[UeTimers.Subscription.Length..], out var subscription)
            && subscription.ExpiresAtUs == timer.DueUs)
        {
            return Decision.Accept([UeSubscriptions.Ended(command, subscription.Dialog.Next(), SubscriptionEnd.Expired)]);
        }

        return Decision.AlreadySo;
    }
}
