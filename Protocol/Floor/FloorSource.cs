namespace Mcptt.Protocol.Floor;

/// <summary>Who sends a Floor Ack (8.2.3.12).</summary>
public enum FloorSource : ushort
{
    Participant = 0,
    ParticipatingFunction = 1,
    ControllingFunction = 2,
    NonControllingFunction = 3,
}
