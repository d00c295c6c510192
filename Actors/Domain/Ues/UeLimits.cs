namespace Mcptt.Domain.Ues;

/// <summary>Bounds of one user.</summary>
public static class UeLimits
{
    /// <summary>Beyond it the binding that would end first gives way to the new one.</summary>
    public const int MaxBindings = 32;

    /// <summary>Groups in one PUBLISH of one client, also where the user profile has no N2. Beyond it: 486 "102".</summary>
    public const int MaxPublishedGroups = 256;

    /// <summary>Beyond it the subscription that would end first is ended with a NOTIFY.</summary>
    public const int MaxSubscriptions = 16;

    /// <summary>TS 24.379 9.2.1.2: a PUBLISH of affiliations asks for 4294967295; anything between that and 0 is 423.</summary>
    public const uint AffiliationExpiresSeconds = uint.MaxValue;
}
