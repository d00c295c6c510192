namespace Mcptt.Protocol.Sip;

public readonly record struct SipHeader(string Name, string Value);
