using Mcptt.Protocol.Mcptt;
using Mcptt.Protocol.Sdp;
using Mcptt.Protocol.Sip;

namespace Mcptt.Ue.Signalling;

/// <summary>The bodies of a message, whether it has one or several.</summary>
internal static class MessageBodies
{
    public static SessionDescription? Sdp(SipMessage message) =>
        Find(message, McpttMimeTypes.Sdp) is { } part && SdpParser.TryParse(part.Content.Span, out var session, out _) ? session : null;

    public static McpttInfo? Info(SipMessage message) =>
        Find(message, McpttMimeTypes.McpttInfo) is { } part && McpttInfo.TryParse(part.Content.Span, out var info, out _) ? info : null;

    public static AffiliationPidf? Pidf(SipMessage message) =>
        Find(message, McpttMimeTypes.Pidf) is { } part && AffiliationPidf.TryParse(part.Content.Span, out var pidf, out _) ? pidf : null;

    private static BodyPart? Find(SipMessage message, string contentType) =>
        message.Body.Length > 0 && MultipartBody.TryReadParts(message, out var parts)
            ? parts.FirstOrDefault(part => part.ContentType.Is(contentType))
            : null;
}
