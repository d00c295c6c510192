namespace Mcptt.Protocol.Rtp;

/// <summary>Static payload types (RFC 3551 6) that mean something here. All others are relayed as they are.</summary>
public static class RtpPayloadType
{
    public const byte Pcmu = 0;
    public const byte Pcma = 8;

    /// <summary>RFC 3389: sent instead of speech.</summary>
    public const byte ComfortNoise = 13;

    public const byte FirstDynamic = 96;
}
