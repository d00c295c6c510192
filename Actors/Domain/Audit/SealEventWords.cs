using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Audit;

/// <summary>Seals, in words.</summary>
internal static class SealEventWords
{
    public static Told Tell(SealEvent seal) =>
        new($"Seal {seal.Number} covers {seal.Rows} events of {seal.Chains} actors, orderings {seal.AfterOrdering + 1} to {seal.ToOrdering}; signed with key {seal.KeyId}.", "RFC 6962 2.1");
}
