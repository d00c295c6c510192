using System.Text;
using Mcptt.Edge.Translation;
using Mcptt.Protocol.Mcptt;
using Mcptt.Protocol.Messages;
using Mcptt.Protocol.Sip;

namespace Mcptt.Edge.Outbox;

/// <summary>Effects -> the requests that they order. The same effect always makes the same bytes.</summary>
internal sealed class EffectRequests(OwnAddresses own, ResourcePriorities priorities)
{
    public OutboundRequest Invite(string effectId, InviteLeg leg)
    {
        var client = leg.Client;
        var request = new RequestMessage(SipMethods.Invite, client.ContactUri);
        request.Headers.Add(SipHeaderNames.MaxForwards, "70");
        foreach (var route in client.Route)
        {
            request.Headers.Add(SipHeaderNames.Route, route);
        }

        request.Headers
            .Add(SipHeaderNames.From, $"<{leg.GroupId}>;tag={leg.LocalTag}")
            .Add(SipHeaderNames.To, $"<{client.McpttId}>")
            .Add(SipHeaderNames.CallId, leg.SipCallId)
            .Add(SipHeaderNames.CSeq, $"1 {SipMethods.Invite}")
            .Add(SipHeaderNames.Contact, own.SessionContact(leg.Call, client.Flow, client.McpttClient))
            .Add(SipHeaderNames.PAssertedIdentity, $"<{own.ServiceIdentity}>")
            .Add(SipHeaderNames.AnswerMode, leg.Automatic ? "Auto" : "Manual");
        if (client.McpttClient)
        {
            AddMcpttService(request.Headers);
        }

        AddPriority(request.Headers, leg.Emergency, leg.ImminentPeril);

        // Without refresher: the client offers itself as uas (TS 24.379 6.3.3.1.2).
        AddSessionHeaders(request.Headers, leg.SessionExpiresS, "");
        SetBody(request, leg.SdpOffer, client.McpttClient ? Info(leg) : null);
        return new(request, McpttIds.Branch(effectId), client.Flow);
    }

    public OutboundRequest Bye(string effectId, ByeLeg bye)
    {
        var request = DialogRequests.Create(SipMethods.Bye, bye.Dialog);
        AddReason(request.Headers, bye.Reason);
        return new(request, McpttIds.Branch(effectId), bye.Dialog.Flow);
    }

    public OutboundRequest Refresh(string effectId, RefreshLeg refresh)
    {
        var request = DialogRequests.Create(SipMethods.Invite, refresh.Dialog);
        request.Headers.Add(SipHeaderNames.Contact, own.SessionContact(refresh.Call, refresh.Dialog.Flow, mcpttClient: true));

        AddPriority(request.Headers, refresh.Emergency, refresh.ImminentPeril);

        // RFC 4028 7.4: who refreshes names itself.
        AddSessionHeaders(request.Headers, refresh.SessionExpiresS, "uac");
        SetBody(request, refresh.SdpOffer, refresh.TellsCondition ? ConditionInfo.Of(refresh.Emergency, refresh.ImminentPeril) : null);
        return new(request, McpttIds.Branch(effectId), refresh.Dialog.Flow);
    }

    /// <summary>RFC 6086: the package's own content type, and a disposition that names it as such.</summary>
    public OutboundRequest Inform(string effectId, InformLeg inform)
    {
        var request = DialogRequests.Create(SipMethods.Info, inform.Dialog);
        request.Headers
            .Add(SipHeaderNames.InfoPackage, McpttIdentifiers.InfoPackage)
            .Add(SipHeaderNames.ContentDisposition, "Info-Package");
        request.SetBody(McpttMimeTypes.McpttInfo, ConditionInfo.Of(inform.Emergency, inform.ImminentPeril).ToBytes());
        return new(request, McpttIds.Branch(effectId), inform.Dialog.Flow);
    }

    public OutboundRequest Notify(string effectId, NotifyAffiliation notify)
    {
        var request = DialogRequests.Create(SipMethods.Notify, notify.Dialog);
        request.Headers
            .Add(SipHeaderNames.Contact, $"<{own.ServiceUri(notify.Dialog.Flow)}>")
            .Add(SipHeaderNames.Event, PublishTranslation.PresenceEvent)
            .Add(SipHeaderNames.SubscriptionState, notify.ExpiresS > 0 ? $"active;expires={notify.ExpiresS}" : "terminated;reason=timeout");
        request.SetBody(McpttMimeTypes.Pidf, Pidf(notify).ToBytes());
        return new(request, McpttIds.Branch(effectId), notify.Dialog.Flow);
    }

    private static AffiliationPidf Pidf(NotifyAffiliation notify)
    {
        var tuples = notify.Status
            .GroupBy(status => status.ClientId, StringComparer.Ordinal)
            .Select(client => new PidfTuple(client.Key, [.. client.Select(status => new PidfAffiliation(status.GroupId, status.Status))]));
        return new AffiliationPidf(notify.McpttId, [.. tuples]);
    }

    private static McpttInfo Info(InviteLeg leg) =>
        new()
        {
            SessionType = SessionTypeNames.NameOf(leg.SessionType),
            RequestUri = leg.Client.McpttId,
            CallingUserId = leg.CallingUserId.Length > 0 ? leg.CallingUserId : null,
            CallingGroupId = leg.GroupId,
            EmergencyInd = leg.Emergency ? true : null,
            ImminentPerilInd = leg.ImminentPeril ? true : null,
        };

    private void AddPriority(SipHeaders headers, bool emergency, bool imminentPeril)
    {
        if (priorities.Of(emergency, imminentPeril) is { Length: > 0 } priority)
        {
            headers.Add(SipHeaderNames.ResourcePriority, priority);
        }
    }

    // Two Accept-Contact fields, one per feature tag (TS 24.379 6.3.3.1.2).
    private static void AddMcpttService(SipHeaders headers) =>
        headers
            .Add(SipHeaderNames.PAssertedService, McpttIdentifiers.Icsi)
            .Add(SipHeaderNames.AcceptContact, $"*;{McpttIdentifiers.McpttFeatureTag};require;explicit")
            .Add(SipHeaderNames.AcceptContact, $"*;{McpttIdentifiers.IcsiRefFeatureTag}=\"{McpttIdentifiers.IcsiInFeatureTag}\";require;explicit");

    private static void AddSessionHeaders(SipHeaders headers, uint expiresSeconds, string refresher)
    {
        if (expiresSeconds > 0)
        {
            headers.Add(SipHeaderNames.SessionExpires, refresher.Length > 0 ? $"{expiresSeconds};refresher={refresher}" : $"{expiresSeconds}");
        }

        headers.Add(SipHeaderNames.Supported, SipFeatures.Timer).Add(SipHeaderNames.Allow, SipFeatures.Allow);
    }

    internal static void AddReason(SipHeaders headers, string reason)
    {
        if (reason.Length > 0)
        {
            headers.Add(SipHeaderNames.Reason, "SIP" + SipParameters.None.With("cause", "200").With("text", reason, quoted: true));
        }
    }

    internal static void SetBody(SipMessage message, string sdp, McpttInfo? info)
    {
        if (sdp.Length == 0)
        {
            return;
        }

        var description = Encoding.UTF8.GetBytes(sdp);
        if (info is null)
        {
            message.SetBody(McpttMimeTypes.Sdp, description);
            return;
        }

        var (contentType, body) = MultipartBody.Build([Part(McpttMimeTypes.McpttInfo, info.ToBytes()), Part(McpttMimeTypes.Sdp, description)]);
        message.SetBody(contentType, body);
    }

    private static BodyPart Part(string type, byte[] content) =>
        MediaType.TryParse(type, out var mediaType) ? new(mediaType, content) : throw new ArgumentException($"{type} is no media type", nameof(type));
}
