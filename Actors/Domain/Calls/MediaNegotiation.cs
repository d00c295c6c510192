using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Mcptt.Protocol.Messages;
using Mcptt.Protocol.Sdp;

namespace Mcptt.Domain.Calls;

/// <summary>What this side brings to a negotiation with one leg. PreviousSdp is our last description in this session, empty for the first.</summary>
internal sealed record NegotiationTerms(CallAudio Audio, MediaPlacement Placement, FloorTerms Floor, string OriginId, string PreviousSdp = "");

/// <summary>Our SDP answer and what the leg's media will be by it.</summary>
internal sealed record AgreedAnswer(string Sdp, LegMedia Media);

/// <summary>
/// Offers and answers of a call (RFC 3264; TS 24.380 14): one codec for all legs, the floor channel where the peer has one,
/// everything else refused. Pure: what it says depends on the texts and the call alone.
/// </summary>
internal static class MediaNegotiation
{
    /// <summary>Answers an offer. False with the reason when the offer has no way to speak the call's codec (488).</summary>
    public static bool TryAnswer(string offerText, NegotiationTerms terms, [NotNullWhen(true)] out AgreedAnswer? answer, out string reason)
    {
        answer = null;
        if (!TryParse(offerText, "offer", out var offer, out reason))
        {
            return false;
        }

        var lines = ImmutableArray.CreateBuilder<MediaDescription>(offer.Media.Length);
        var media = new LegMedia();
        var audioTaken = false;
        foreach (var line in offer.Media)
        {
            if (!audioTaken && TryAnswerAudio(offer, line, terms, media, out var audioLine))
            {
                audioTaken = true;
                lines.Add(audioLine);
            }
            else
            {
                lines.Add(TryAnswerFloor(offer, line, terms, media, out var floorLine) ? floorLine : line.Refused());
            }
        }

        if (!audioTaken)
        {
            reason = $"no m=audio that speaks {terms.Audio.Encoding}/{terms.Audio.ClockRate} over {terms.Audio.Profile} at an IP address";
            return false;
        }

        answer = new AgreedAnswer(Versioned(lines.ToImmutable(), terms.Placement, terms.OriginId, terms.PreviousSdp), media);
        return true;
    }

    /// <summary>The offer to a member: never mc_granted nor mc_implicit_request (facts 4.4).</summary>
    public static string Offer(NegotiationTerms terms, bool mcpttClient)
    {
        var formats = new List<RtpFormat> { CallCodec.Speech(terms.Audio) };
        if (CallCodec.TelephoneEvent(terms.Audio) is { } telephoneEvent)
        {
            formats.Add(telephoneEvent);
        }

        var speech = AudioLine(terms.Audio.Profile, formats, terms, MediaDirection.SendReceive, mcpttClient ? "speech" : null);
        var floor = FloorLine(terms.Placement, OfferedFmtp(terms.Floor));
        return Versioned([speech, floor], terms.Placement, terms.OriginId, terms.PreviousSdp);
    }

    /// <summary>Reads the answer to our offer. An answer without the floor line is taken as one that refused it: phones leave it out.</summary>
    public static bool TryReadAnswer(string answerText, CallAudio audio, FloorTerms terms, [NotNullWhen(true)] out LegMedia? media, out string reason)
    {
        media = null;
        if (!TryParse(answerText, "answer", out var answer, out reason))
        {
            return false;
        }

        var agreed = new LegMedia();
        var line = answer.Media.FirstOrDefault(candidate => candidate.IsAudio && candidate.Port != 0 && Speaks(candidate, audio));
        if (line is null || !TrySetAudio(answer, line, agreed))
        {
            reason = $"the answer has no m=audio that speaks {audio.Encoding}/{audio.ClockRate} at an IP address";
            return false;
        }

        if (answer.Media.FirstOrDefault(candidate => candidate.IsFloorChannel && candidate.Port != 0) is { } floor
            && TryRemote(answer, floor, out var floorRemote))
        {
            SetFloor(agreed, floorRemote, Agree(McpttFmtp.Of(floor), OfferedFmtp(terms)), McpttFmtp.Of(floor));
        }

        media = agreed;
        return true;
    }

    /// <summary>Our next offer in a session: the same m-lines in the same order (RFC 3264 8), at the address that the session has now.</summary>
    public static string Reoffer(string previousSdp, MediaPlacement placement, FloorTerms terms)
    {
        if (!TryParse(previousSdp, "session", out var previous, out var reason))
        {
            throw new InvalidOperationException("our own SDP is not readable: " + reason);
        }

        var lines = previous.Media.Select(line => line switch
        {
            { Port: 0 } => line,
            { IsFloorChannel: true } => FloorLine(placement, OfferedFmtp(terms)),
            _ => Moved(line, (int)placement.RtpPort),
        });
        return Versioned([.. lines], placement, previous.Origin.SessionId, previousSdp);
    }

    public static bool ShowsPlacement(string sdp, MediaPlacement placement) =>
        SdpParser.TryParse(sdp, out var session, out _)
        && session.Connection?.Address == placement.Address
        && session.Media.All(line => line.Port == 0 || line.Port == (line.IsFloorChannel ? placement.FloorPort : placement.RtpPort));

    /// <summary>The o= session id of a leg: numeric, as RFC 8866 5.2 wants, and the same whenever it is derived.</summary>
    public static string OriginId(string callId, uint leg)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{callId}.{leg}"));
        return (BinaryPrimitives.ReadUInt64BigEndian(hash) >> 16).ToString();
    }

    private static bool TryAnswerAudio(
        SessionDescription offer, MediaDescription line, NegotiationTerms terms, LegMedia media, [NotNullWhen(true)] out MediaDescription? answer)
    {
        answer = null;
        if (!line.IsAudio || line.Port == 0 || CallCodec.ProfileOf(line) != terms.Audio.Profile || CallCodec.Find(line, terms.Audio) is not { } speech
            || !TrySetAudio(offer, line, media))
        {
            return false;
        }

        var formats = new List<RtpFormat> { speech };
        formats.AddRange(RtpFormat.Of(line).Where(format => format.IsTelephoneEvent).Take(1));
        answer = AudioLine(line.Protocol, formats, terms, offer.DirectionOf(line).Mirrored(), line.Information);
        return true;
    }

    private static bool TryAnswerFloor(
        SessionDescription offer, MediaDescription line, NegotiationTerms terms, LegMedia media, [NotNullWhen(true)] out MediaDescription? answer)
    {
        answer = null;
        if (!line.IsFloorChannel || line.Port == 0 || media.FloorChannel || !TryRemote(offer, line, out var remote))
        {
            return false;
        }

        var offered = McpttFmtp.Of(line);
        var agreed = Agree(offered, new McpttFmtp
        {
            Queueing = terms.Floor.Queueing,
            Priority = terms.Floor.PriorityLimit,
            ImplicitRequest = terms.Floor.MayRequestImplicitly,
        });
        SetFloor(media, remote, agreed, offered);
        answer = FloorLine(terms.Placement, agreed);
        return true;
    }

    // TS 24.380 14.3.3: the intersection; a priority is the lowest of all (2.5 of the facts), so no offer lifts its sender.
    private static McpttFmtp Agree(McpttFmtp theirs, McpttFmtp ours) =>
        new()
        {
            Queueing = theirs.Queueing && ours.Queueing,
            Priority = theirs.Priority is { } wanted && ours.Priority is { } limit ? Math.Min(wanted, limit) : null,
            ImplicitRequest = theirs.ImplicitRequest && ours.ImplicitRequest,
        };

    private static McpttFmtp OfferedFmtp(FloorTerms terms) => new() { Queueing = terms.Queueing, Priority = terms.PriorityLimit };

    private static bool TrySetAudio(SessionDescription session, MediaDescription line, LegMedia media)
    {
        if (!TryRemote(session, line, out var remote))
        {
            return false;
        }

        media.RtpRemote = remote;
        media.SendOnly = session.DirectionOf(line) is MediaDirection.SendOnly or MediaDirection.Inactive || session.ConnectionOf(line) is { IsUnspecified: true };
        return true;
    }

    private static void SetFloor(LegMedia media, string remote, McpttFmtp agreed, McpttFmtp theirs)
    {
        media.FloorChannel = true;
        media.FloorRemote = remote;
        media.Queueing = agreed.Queueing;
        media.PriorityNegotiated = agreed.Priority is not null;
        media.PriorityLimit = agreed.Priority ?? 0u;
        media.ImplicitRequest = agreed.ImplicitRequest;
        media.Ssrc = theirs.Ssrc ?? 0;
    }

    // Some phones answer a dynamic payload type without its rtpmap: our offer said what it is.
    private static bool Speaks(MediaDescription line, CallAudio audio)
    {
        var payloadType = audio.PayloadType.ToString();
        return CallCodec.Find(line, audio) is not null
            || (line.Formats.Contains(payloadType) && line.Attributes.FindForFormat("rtpmap", payloadType) is null);
    }

    private static bool TryRemote(SessionDescription session, MediaDescription line, out string remote)
    {
        remote = "";
        if (session.ConnectionOf(line) is not { } connection || !connection.TryGetAddress(out var address))
        {
            return false;
        }

        remote = new IPEndPoint(address, line.Port).ToString();
        return true;
    }

    private static MediaDescription AudioLine(string protocol, List<RtpFormat> formats, NegotiationTerms terms, MediaDirection direction, string? information)
    {
        var attributes = formats.SelectMany(format => format.ToAttributes()).ToImmutableArray();
        if (terms.Audio.PtimeMs != 0)
        {
            attributes = attributes.Add(new SdpAttribute("ptime", terms.Audio.PtimeMs.ToString()));
        }

        return new MediaDescription
        {
            Type = "audio",
            Port = (int)terms.Placement.RtpPort,
            Protocol = protocol,
            Formats = [.. formats.Select(format => format.PayloadType.ToString())],
            Information = information,
            Attributes = attributes.Add(new SdpAttribute(direction.ToAttribute())),
        };
    }

    private static MediaDescription Moved(MediaDescription line, int port) =>
        new()
        {
            Type = line.Type,
            Port = port,
            Protocol = line.Protocol,
            Formats = line.Formats,
            Information = line.Information,
            Attributes = line.Attributes,
        };

    private static MediaDescription FloorLine(MediaPlacement placement, McpttFmtp fmtp) =>
        new()
        {
            Type = "application",
            Port = (int)placement.FloorPort,
            Protocol = "udp",
            Formats = [McpttFmtp.Format],
            Attributes = fmtp == new McpttFmtp() ? [] : [new SdpAttribute("fmtp", fmtp.ToString())],
        };

    // RFC 3264 8: the version of o= grows by one exactly when the description changed.
    private static string Versioned(ImmutableArray<MediaDescription> lines, MediaPlacement placement, string originId, string previousSdp)
    {
        var version = 1UL;
        if (previousSdp.Length > 0 && SdpParser.TryParse(previousSdp, out var previous, out _) && ulong.TryParse(previous.Origin.SessionVersion, out var known))
        {
            version = known;
        }

        var text = Write(lines, placement, originId, version);
        return previousSdp.Length == 0 || text == previousSdp ? text : Write(lines, placement, originId, version + 1);
    }

    private static string Write(ImmutableArray<MediaDescription> lines, MediaPlacement placement, string originId, ulong version)
    {
        var connection = IPAddress.TryParse(placement.Address, out var address)
            ? SdpConnection.For(address)
            : new SdpConnection("IN", "IP4", placement.Address);
        return new SessionDescription
        {
            Origin = new SdpOrigin("-", originId, version.ToString(), connection.NetType, connection.AddressType, connection.Address),
            Connection = connection,
            Media = lines,
        }.ToString();
    }

    private static bool TryParse(string text, string what, [NotNullWhen(true)] out SessionDescription? session, out string reason)
    {
        session = null;
        reason = $"no SDP {what}";
        if (text.Length == 0)
        {
            return false;
        }

        var read = SdpParser.TryParse(text, out session, out var error);
        reason = read ? "" : error.ToString();
        return read;
    }
}
