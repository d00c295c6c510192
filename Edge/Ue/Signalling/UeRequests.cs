using Mcptt.Protocol.Mcptt;
using Mcptt.Protocol.Sip;

namespace Mcptt.Ue.Signalling;

/// <summary>Builds the requests of an MCPTT client as TS 24.379 words them; those of a plain phone are the same without its headers and bodies.</summary>
internal sealed class UeRequests(UeOptions options, Func<SipUri> contactUri)
{
    public const string Allow = "INVITE, ACK, CANCEL, BYE, UPDATE, OPTIONS, NOTIFY, INFO";

    private readonly string _registrationCallId = FreshIds.CallId();
    private readonly NameAddr _self = new(options.User);
    private uint _registrationCSeq;

    /// <summary>RFC 3261 10.2: all registrations of a boot share one Call-ID and count CSeq upwards.</summary>
    public RequestMessage Register(TimeSpan expires)
    {
        var request = RequestMessage.Create(
            SipMethods.Register, SipUri.Create(null, options.Domain), _self.WithTag(FreshIds.Tag()), _self, _registrationCallId, NextRegistrationCSeq());
        var contact = Contact().With("+sip.instance", $"<{options.EffectiveClientId}>", quoted: true);
        request.Headers
            .Add(SipHeaderNames.Contact, contact.ToString())
            .Add(SipHeaderNames.Expires, Seconds(expires))
            .Add(SipHeaderNames.Supported, "path, gruu")
            .Add(SipHeaderNames.Allow, Allow);
        if (options.AssertsIdentity)
        {
            request.Headers.Add(SipHeaderNames.PAssertedIdentity, _self.ToString());
        }

        return request;
    }

    public uint NextRegistrationCSeq() => Interlocked.Increment(ref _registrationCSeq);

    /// <summary>7.2.2: binds the client and tells how it answers.</summary>
    public RequestMessage PublishSettings(bool manualAnswer, uint expires)
    {
        var request = ToService(SipMethods.Publish, options.EffectiveServiceIdentity);
        var info = new McpttInfo
        {
            AccessToken = options.AccessToken,
            RequestUri = options.AccessToken is null ? options.User.AddressOfRecord : null,
            ClientId = options.EffectiveClientId,
        };
        var settings = new PocSettings(options.EffectiveClientId, manualAnswer ? PocAnswerMode.Manual : PocAnswerMode.Automatic);
        request.Headers.Add(SipHeaderNames.Event, "poc-settings").Add(SipHeaderNames.Expires, expires.ToString());
        SetParts(request, Part(McpttMimeTypes.McpttInfo, info.ToBytes()), Part(McpttMimeTypes.PocSettings, settings.ToBytes()));
        return request;
    }

    /// <summary>9.2.1.2: the whole set of groups of this client.</summary>
    public RequestMessage PublishAffiliation(IReadOnlyList<string> groups)
    {
        var request = ToService(SipMethods.Publish, options.EffectiveServiceIdentity);
        var user = options.User.AddressOfRecord;
        var info = new McpttInfo { RequestUri = user, ClientId = options.EffectiveClientId };
        var pidf = new AffiliationPidf(
            user, [new PidfTuple(options.EffectiveClientId, [.. groups.Select(group => new PidfAffiliation(group))])], FreshIds.Tag());
        var expires = groups.Count == 0 ? 0 : McpttIdentifiers.ExpiresForEver;
        request.Headers.Add(SipHeaderNames.Event, "presence").Add(SipHeaderNames.Expires, expires.ToString());
        SetParts(request, Part(McpttMimeTypes.McpttInfo, info.ToBytes()), Part(McpttMimeTypes.Pidf, pidf.ToBytes()));
        return request;
    }

    /// <summary>9.2.1.3: the user's own affiliations.</summary>
    public RequestMessage SubscribeAffiliation(uint expires)
    {
        var request = ToService(SipMethods.Subscribe, options.EffectiveServiceIdentity);
        request.Headers
            .Add(SipHeaderNames.Event, "presence")
            .Add(SipHeaderNames.Expires, expires.ToString())
            .Add(SipHeaderNames.Accept, McpttMimeTypes.Pidf)
            .Add(SipHeaderNames.Contact, Contact().ToString());
        request.SetBody(McpttMimeTypes.McpttInfo, new McpttInfo { RequestUri = options.User.AddressOfRecord, ClientId = options.EffectiveClientId }.ToBytes());
        return request;
    }

    /// <summary>10.1.1.2.1: an on-demand prearranged group call. A plain phone calls the group's own URI.</summary>
    public RequestMessage Invite(SipUri group, string sdp, CallDeclaration declaration)
    {
        var request = ToService(SipMethods.Invite, options.PlainPhone ? group : options.EffectiveServiceIdentity);
        request.Headers
            .Add(SipHeaderNames.Contact, Contact().ToString())
            .Add(SipHeaderNames.Allow, Allow)
            .Add(SipHeaderNames.Supported, "timer")
            .Add(SipHeaderNames.SessionExpires, Seconds(options.SessionExpires));
        if (options.PlainPhone)
        {
            request.SetBody(McpttMimeTypes.Sdp, sdp);
            return request;
        }

        var info = new McpttInfo
        {
            SessionType = "prearranged",
            RequestUri = group.AddressOfRecord,
            ClientId = options.EffectiveClientId,
            EmergencyInd = declaration.Emergency,
            ImminentPerilInd = declaration.ImminentPeril,
        };
        SetParts(request, Part(McpttMimeTypes.Sdp, System.Text.Encoding.UTF8.GetBytes(sdp)), Part(McpttMimeTypes.McpttInfo, info.ToBytes()));
        return request;
    }

    /// <summary>10.1.1.2.1.3: in a dialog mcptt-info goes along when there is something to declare.</summary>
    public void SetOffer(RequestMessage request, string sdp, CallDeclaration declaration)
    {
        if (declaration == CallDeclaration.None)
        {
            request.SetBody(McpttMimeTypes.Sdp, sdp);
            return;
        }

        var info = new McpttInfo { ClientId = options.EffectiveClientId, EmergencyInd = declaration.Emergency, ImminentPerilInd = declaration.ImminentPeril };
        SetParts(request, Part(McpttMimeTypes.Sdp, System.Text.Encoding.UTF8.GetBytes(sdp)), Part(McpttMimeTypes.McpttInfo, info.ToBytes()));
    }

    public NameAddr Contact()
    {
        var contact = new NameAddr(contactUri());
        return options.PlainPhone
            ? contact
            : contact
                .With(McpttIdentifiers.McpttFeatureTag)
                .With(McpttIdentifiers.IcsiRefFeatureTag, McpttIdentifiers.IcsiInFeatureTag, quoted: true);
    }

    private RequestMessage ToService(string method, SipUri target)
    {
        var request = RequestMessage.Create(method, target, _self.WithTag(FreshIds.Tag()), new NameAddr(target), FreshIds.CallId(), 1);
        if (!options.PlainPhone)
        {
            request.Headers
                .Add(options.AssertsIdentity ? SipHeaderNames.PAssertedIdentity : SipHeaderNames.PPreferredIdentity, _self.ToString())
                .Add(SipHeaderNames.PPreferredService, McpttIdentifiers.Icsi)
                .Add(SipHeaderNames.AcceptContact, $"*;{McpttIdentifiers.McpttFeatureTag};require;explicit")
                .Add(SipHeaderNames.AcceptContact, $"*;{McpttIdentifiers.IcsiRefFeatureTag}=\"{McpttIdentifiers.IcsiInFeatureTag}\";require;explicit");
        }

        return request;
    }

    private static void SetParts(RequestMessage request, params BodyPart[] parts)
    {
        var (contentType, body) = MultipartBody.Build(parts);
        request.Headers.Set(SipHeaderNames.MimeVersion, "1.0");
        request.SetBody(contentType, body);
    }

    private static BodyPart Part(string contentType, byte[] content)
    {
        var slash = contentType.IndexOf('/', StringComparison.Ordinal);
        return new BodyPart(new MediaType(contentType[..slash], contentType[(slash + 1)..], SipParameters.None), content);
    }

    private static string Seconds(TimeSpan duration) => ((long)duration.TotalSeconds).ToString();
}
