namespace Mcptt.Ue.Floor;

/// <summary>What a=fmtp:MCPTT of an offer asks for (TS 24.380 14.2); a priority of null is not negotiated.</summary>
public sealed record FloorOffer(bool Queueing, byte? Priority, bool ImplicitRequest);
