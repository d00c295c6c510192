using Xunit.Sdk;

namespace Mcptt.Testing;

/// <summary>The clause of a standard that a test shows, for instance [Clause("RFC3261 17.2.1")]; the conformance matrix is made from these.</summary>
[TraitDiscoverer("Mcptt.Testing.ClauseDiscoverer", "Mcptt.Testing")]
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class, AllowMultiple = true)]
public sealed class ClauseAttribute(string clause) : Attribute, ITraitAttribute
{
    public string Clause { get; } = clause;
}

public sealed class ClauseDiscoverer : ITraitDiscoverer
{
    public IEnumerable<KeyValuePair<string, string>> GetTraits(Xunit.Abstractions.IAttributeInfo traitAttribute)
    {
        yield return new("Clause", (string)traitAttribute.GetConstructorArguments().First());
    }
}
