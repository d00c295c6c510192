namespace Mcptt.Protocol.Mcptt;

/// <summary>Bounds of a body from outside; a document past one of them is not read.</summary>
public static class XmlLimits
{
    public const int MaxBytes = 65_535;
    public const int MaxDepth = 16;
    public const int MaxElements = 4_096;
    public const int MaxAttributesPerElement = 32;
}
