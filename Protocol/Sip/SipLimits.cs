namespace Mcptt.Protocol.Sip;

/// <summary>What one message may cost. Beyond any of these it is malformed: answered 400, 413 or 513 where it can be answered, else dropped.</summary>
public sealed record SipLimits
{
    /// <summary>The greatest UDP payload.</summary>
    public const int MaxDatagramBytes = 65_535;

    public static SipLimits Default { get; } = new();

    public int MaxMessageBytes { get; init; } = MaxDatagramBytes;

    public int MaxStreamMessageBytes { get; init; } = 262_144;

    /// <summary>Start line and headers together.</summary>
    public int MaxHeadBytes { get; init; } = MaxDatagramBytes;

    public int MaxHeaders { get; init; } = 256;

    /// <summary>Name and value after unfolding. May not pass <see cref="ushort.MaxValue"/>.</summary>
    public int MaxHeaderLineChars { get; init; } = 8_192;

    /// <summary>The usual Max-Forwards: a request cannot have passed more hops (RFC 3261 8.1.1.6).</summary>
    public int MaxVias { get; init; } = 70;

    /// <summary>Elements of one comma-separated header such as Contact or Route.</summary>
    public int MaxListElements { get; init; } = 128;

    public int MaxBodyParts { get; init; } = 16;
}
