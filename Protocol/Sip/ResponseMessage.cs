namespace Mcptt.Protocol.Sip;

public sealed class ResponseMessage : SipMessage
{
    public ResponseMessage(int statusCode, string? reasonPhrase = null)
        : this(statusCode, reasonPhrase ?? ReasonPhrases.Of(statusCode), new SipHeaders())
    {
    }

    internal ResponseMessage(int statusCode, string reasonPhrase, SipHeaders headers)
        : base(headers)
    {
        if (statusCode is < 100 or > 699)
        {
            throw new ArgumentOutOfRangeException(nameof(statusCode), statusCode, "100 to 699");
        }

        StatusCode = statusCode;
        ReasonPhrase = reasonPhrase.AsSpan().ContainsAny('\r', '\n', '\0')
            ? reasonPhrase.Replace('\r', ' ').Replace('\n', ' ').Replace('\0', ' ')
            : reasonPhrase;
    }

    public int StatusCode { get; }

    public string ReasonPhrase { get; }

    public bool IsProvisional => StatusCode < 200;

    public bool IsFinal => StatusCode >= 200;

    public bool IsSuccess => StatusCode is >= 200 and < 300;
}
