using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Audit;

/// <summary>Takes out of a state what nobody may read, auditors included: with a digest secret one registers as the user.</summary>
public static class StateSecrets
{
    private const string Hidden = "(hidden)";

    public static DomainSnapshot Hide(DomainSnapshot state)
    {
        if (state.Ue?.Profile is not { Ha1.Count: > 0 })
        {
            return state;
        }

        var shown = state.Clone();
        foreach (var algorithm in shown.Ue.Profile.Ha1.Keys.ToList())
        {
            shown.Ue.Profile.Ha1[algorithm] = Hidden;
        }

        return shown;
    }
}
