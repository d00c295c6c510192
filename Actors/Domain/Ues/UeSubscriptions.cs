using Mcptt.Protocol.Messages;
using Known = Mcptt.Domain.Ues.UeState.Known;

namespace Mcptt.Domain.Ues;

/// <summary>Who is told of this user's affiliations (RFC 6665; TS 24.379 9.2.1.3).</summary>
internal static class UeSubscriptions
{
    private const long MicrosecondsPerSecond = 1_000_000;

    public static Decision Subscribe(Known known, Command command, SubscribeAffiliation subscribe)
    {
        var request = subscribe.Request;
        var existing = known.Subscriptions.GetValueOrDefault(Dialogs.Key(request.CallId, Dialogs.TagOf(request.From)))?.Dialog;
        if (existing is null && Dialogs.TagOf(request.To).Length > 0)
        {
            return Decision.Reject(RejectionCode.DialogUnknown, $"no subscription with Call-ID {request.CallId}");
        }

        if (existing is not null && request.Cseq <= existing.RemoteCseq)
        {
            return Decision.Reject(RejectionCode.CseqOutOfOrder, $"CSeq {request.Cseq} is not above {existing.RemoteCseq}");
        }

        var localTag = existing is null ? DerivedIds.Tag(command.CommandId) : Dialogs.TagOf(existing.Local);
        var dialog = Refreshed(existing, subscribe, localTag);
        var accepted = new Accepted { Affiliation = new AffiliationAccepted { LocalTag = localTag, ExpiresS = subscribe.ExpiresS } };
        return Decision.Accept([.. Events(known, command, subscribe, existing, dialog)], accepted);
    }

    public static DomainEvent Ended(Command command, Dialog dialog, SubscriptionEnd cause) =>
        UeDecider.Happened(command, new UeEvent { AffiliationSubscriptionEnded = new AffiliationSubscriptionEnded { Dialog = dialog, Cause = cause } });

    private static IEnumerable<DomainEvent> Events(Known known, Command command, SubscribeAffiliation subscribe, Dialog? existing, Dialog dialog)
    {
        if (subscribe.ExpiresS == 0)
        {
            yield return existing is null
                ? UeDecider.Happened(command, new UeEvent { AffiliationFetched = new AffiliationFetched { Dialog = dialog } })
                : Ended(command, dialog, SubscriptionEnd.Requested);
            yield break;
        }

        if (existing is null && known.Subscriptions.Count >= UeLimits.MaxSubscriptions)
        {
            var first = known.Subscriptions.Values.MinBy(subscription => subscription.ExpiresAtUs)!; // Not empty: it is full.
            yield return Ended(command, first.Dialog.Next(), SubscriptionEnd.Replaced);
        }

        yield return UeDecider.Happened(command, new UeEvent
        {
            AffiliationSubscribed = new AffiliationSubscribed
            {
                Subscription = new AffiliationSubscription { Dialog = dialog, ExpiresAtUs = command.TimeUs + (subscribe.ExpiresS * MicrosecondsPerSecond) },
            },
        });
    }

    // With the CSeq of the NOTIFY that follows each SUBSCRIBE (RFC 6665 4.2.1.4). The route set of a dialog never changes.
    private static Dialog Refreshed(Dialog? existing, SubscribeAffiliation subscribe, string localTag)
    {
        if (existing is null)
        {
            return Dialogs.ByPeer(subscribe.Request, localTag, subscribe.ContactUri, subscribe.RouteSet, subscribe.Flow).Next();
        }

        return new Dialog(existing)
        {
            LocalCseq = existing.LocalCseq + 1,
            RemoteCseq = subscribe.Request.Cseq,
            RemoteTarget = subscribe.ContactUri.Length > 0 ? subscribe.ContactUri : existing.RemoteTarget,
            Flow = subscribe.Flow ?? existing.Flow,
        };
    }
}
