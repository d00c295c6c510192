namespace Mcptt.Protocol.Sdp;

/// <summary>Bounds of a session description. What exceeds one is malformed, so that no peer chooses how much memory it costs.</summary>
public static class SdpLimits
{
    public const int MaxChars = 16_384;
    public const int MaxLineChars = 2_048;
    public const int MaxMedia = 16;

    /// <summary>Of the whole description.</summary>
    public const int MaxAttributes = 256;

    /// <summary>Of one m-line.</summary>
    public const int MaxFormats = 64;

    /// <summary>Of e=, p=, b=, t=, r= and so on, each.</summary>
    public const int MaxRepeatedLines = 32;
}

/// <summary>Why a description was not read: the line counts from 1, 0 means the description as a whole.</summary>
public readonly record struct SdpParseError(int Line, string Reason)
{
    public override string ToString() => Line == 0 ? $"SDP: {Reason}" : $"SDP line {Line}: {Reason}";
}
