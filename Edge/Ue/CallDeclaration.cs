namespace Mcptt.Ue;

/// <summary>What an INVITE or re-INVITE declares the call to be (emergency-ind, imminentperil-ind of mcptt-info); null: nothing is said of it.</summary>
public sealed record CallDeclaration(bool? Emergency = null, bool? ImminentPeril = null)
{
    public static CallDeclaration None { get; } = new();
}
