namespace Mcptt.Protocol.Floor;

/// <summary>
/// Values of the Media Flow Control Indicator field (field 24, 8.2.3.26, release 17): its most significant bit says whether media is to flow,
/// the 15 others are spare.
/// </summary>
public enum MediaFlowControl : ushort
{
    Stop = 0,
    Resume = 0x8000,
}
