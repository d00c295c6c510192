namespace Mcptt.Protocol.Sip;

public enum SipParseErrorCode
{
    None,
    Empty,
    TooLarge,
    NoEndOfHeaders,
    StartLine,
    Version,
    RequestUri,
    HeaderSyntax,
    TooManyHeaders,
    HeaderTooLong,
    MissingHeader,
    RepeatedHeader,
    HeaderValue,
    ContentLength,
    MethodMismatch,
}

/// <summary>Why a message was not accepted. <see cref="Detail"/> is short text that may stand in a reason phrase.</summary>
public readonly record struct SipParseError(SipParseErrorCode Code, string Detail)
{
    /// <summary>The status that a request with this fault deserves (RFC 3261 21.4.1, 21.5.6, 21.4.11).</summary>
    public int Status => Code switch
    {
        SipParseErrorCode.Version => 505,
        SipParseErrorCode.TooLarge => 413,
        _ => 400,
    };

    public override string ToString() => $"{Code}: {Detail}";
}
