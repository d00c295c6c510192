namespace Mcptt.Api.Json;

/// <summary>One thing that is wrong with a document, and what to do about it. Line and column count from 1; 0 where there is no text.</summary>
public sealed record JsonFault(string Field, string Problem, string Fix, int Line = 0, int Column = 0)
{
    public override string ToString()
    {
        var place = Line > 0 ? $"line {Line}, column {Column}: " : "";
        var field = Field.Length > 0 ? $"{Field}: " : "";
        return $"{place}{field}{Problem}; {Fix}";
    }
}
