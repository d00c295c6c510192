namespace Mcptt.Protocol.Mcptt;

/// <summary>Why a document could not be read, and where. Line and position count from 1; 0 when the fault has no place.</summary>
public readonly record struct XmlFault(string Reason, int Line, int Position)
{
    public override string ToString() => Line > 0 ? $"{Reason} (line {Line}, position {Position})" : Reason;
}
