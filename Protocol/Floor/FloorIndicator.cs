namespace Mcptt.Protocol.Floor;

/// <summary>Bits of the Floor Indicator field (8.2.3.15). They state what the call is; several combine.</summary>
[Flags]
public enum FloorIndicator : ushort
{
    None = 0,
    NormalCall = 0x8000,
    BroadcastGroupCall = 0x4000,
    SystemCall = 0x2000,
    EmergencyCall = 0x1000,
    ImminentPerilCall = 0x0800,
    QueueingSupported = 0x0400,
    DualFloor = 0x0200,
    TemporaryGroupCall = 0x0100,
    MultiTalker = 0x0080,
}
