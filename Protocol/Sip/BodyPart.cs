namespace Mcptt.Protocol.Sip;

/// <summary>One body of a multipart message, or the only one of a plain message.</summary>
public sealed record BodyPart(MediaType ContentType, ReadOnlyMemory<byte> Content)
{
    public string? ContentDisposition { get; init; }

    public string? ContentId { get; init; }

    public string? TransferEncoding { get; init; }

    public string Text => System.Text.Encoding.UTF8.GetString(Content.Span);
}
