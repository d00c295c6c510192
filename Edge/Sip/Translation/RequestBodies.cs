using System.Diagnostics.CodeAnalysis;
using Mcptt.Protocol.Mcptt;
using Mcptt.Protocol.Sdp;
using Mcptt.Protocol.Sip;

namespace Mcptt.Edge.Translation;

/// <summary>The bodies of a request, read and checked for their syntax. A part that is missing is null.</summary>
internal sealed class RequestBodies
{
    /// <summary>What OPTIONS and a 415 say in Accept.</summary>
    public static readonly string Accepted = string.Join(
        ", ",
        McpttMimeTypes.Sdp,
        McpttMimeTypes.MultipartMixed,
        McpttMimeTypes.McpttInfo,
        McpttMimeTypes.ResourceLists,
        McpttMimeTypes.Pidf,
        McpttMimeTypes.PocSettings,
        McpttMimeTypes.MessageSip);

    public string? Sdp { get; private set; }

    public McpttInfo? Info { get; private set; }

    public ResourceLists? Lists { get; private set; }

    public AffiliationPidf? Pidf { get; private set; }

    public PocSettings? Settings { get; private set; }

    /// <summary>The REGISTER of the UE inside a third-party REGISTER (TS 24.229 5.4.1.7).</summary>
    public RequestMessage? Embedded { get; private set; }

    public static bool TryRead(SipMessage message, string warningAgent, [NotNullWhen(true)] out RequestBodies? bodies, [NotNullWhen(false)] out Answer? refusal)
    {
        bodies = null;
        refusal = null;
        if (message.Headers[SipHeaderNames.ContentEncoding] is { } encoding && !message.Body.IsEmpty && encoding is not "identity")
        {
            refusal = Answer.Of(415, null, (SipHeaderNames.AcceptEncoding, "identity"));
            return false;
        }

        if (!MultipartBody.TryReadParts(message, out var parts))
        {
            refusal = Answer.BadRequest("the body does not fit its Content-Type");
            return false;
        }

        var read = new RequestBodies();
        foreach (var part in parts)
        {
            refusal = read.Take(part, warningAgent);
            if (refusal is not null)
            {
                return false;
            }
        }

        bodies = read;
        return true;
    }

    private Answer? Take(BodyPart part, string warningAgent) =>
        part.ContentType.Name switch
        {
            McpttMimeTypes.Sdp => TakeSdp(part),
            McpttMimeTypes.McpttInfo => TakeInfo(part, warningAgent),
            McpttMimeTypes.ResourceLists => ResourceLists.TryParse(part.Content.Span, out var lists, out var fault) ? Keep(() => Lists = lists) : Bad(part, fault),
            McpttMimeTypes.Pidf => AffiliationPidf.TryParse(part.Content.Span, out var pidf, out var fault) ? Keep(() => Pidf = pidf) : Bad(part, fault),
            McpttMimeTypes.PocSettings => PocSettings.TryParse(part.Content.Span, out var settings, out var fault) ? Keep(() => Settings = settings) : Bad(part, fault),
            McpttMimeTypes.MessageSip => TakeEmbedded(part),
            var name when IsIgnorable(part, name) => null,
            _ => Answer.Of(415, null, (SipHeaderNames.Accept, Accepted)),
        };

    private Answer? TakeSdp(BodyPart part)
    {
        if (!SdpParser.TryParse(part.Content.Span, out _, out var error))
        {
            return Answer.BadRequest(error.ToString());
        }

        Sdp ??= part.Text;
        return null;
    }

    private Answer? TakeInfo(BodyPart part, string warningAgent)
    {
        if (!McpttInfo.TryParse(part.Content.Span, out var info, out var fault))
        {
            return Bad(part, fault);
        }

        // TS 24.379 4.8, 6.6.2: without the key nothing in the body can be believed.
        if (info.EncryptedFields.Any())
        {
            return Answer.Of(403, null, (SipHeaderNames.Warning, WarningText.Of(140).ToHeaderValue(warningAgent)));
        }

        Info ??= info;
        return null;
    }

    private Answer? TakeEmbedded(BodyPart part)
    {
        if (!SipParser.TryParse(part.Content.Span, out var message) || message is not RequestMessage request)
        {
            return Answer.BadRequest("message/sip holds no SIP request");
        }

        Embedded ??= request;
        return null;
    }

    private static Answer? Keep(Action assign)
    {
        assign();
        return null;
    }

    private static Answer Bad(BodyPart part, XmlFault fault) => Answer.BadRequest($"{part.ContentType.Name}: {fault}");

    // RFC 5621 handling=optional says so; MCPTT bodies of features that a call does without are no reason to refuse it.
    private static bool IsIgnorable(BodyPart part, string name) =>
        part.ContentDisposition?.Contains("handling=optional", StringComparison.OrdinalIgnoreCase) == true
        || name.StartsWith("application/vnd.3gpp.", StringComparison.Ordinal)
        || name is McpttMimeTypes.SimpleFilter or "text/plain";
}
