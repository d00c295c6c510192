namespace Mcptt.Protocol.Floor;

/// <summary>Queue Info field (8.2.3.5): a position from 1 to 253, or one of the two values with a meaning of their own.</summary>
public readonly record struct QueueInfo(byte Position, byte Priority)
{
    public const byte LastPosition = 253;

    public const byte NotQueued = 254;

    public const byte PositionNotDisclosed = 255;
}
