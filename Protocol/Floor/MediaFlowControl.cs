namespace Mcptt.Protocol.Floor;

/// <summary>
/// Values of the Media Flow Control Indicator field (field 24, release 17). The two meanings are known, which number has which is not verified
/// against TS 24.380: it is to be before a client that sends this message is served.
/// </summary>
public enum MediaFlowControl : ushort
{
    Stop = 0,
    Resume = 1,
}
