using Mcptt.Ue.Audio;
using Mcptt.Ue.Events;
using Mcptt.Ue.Floor;

namespace Mcptt.Ue.Script;

/// <summary>What a script does with a client. A request gives the reason why it failed, or null.</summary>
public interface IScriptedUe
{
    UeEventLog Events { get; }

    Task<string?> RegisterAsync(TimeSpan? expires, CancellationToken cancellationToken);

    Task<string?> UnregisterAsync(CancellationToken cancellationToken);

    Task<string?> PublishSettingsAsync(bool manualAnswer, CancellationToken cancellationToken);

    Task<string?> SubscribeAffiliationAsync(CancellationToken cancellationToken);

    Task<string?> AffiliateAsync(IReadOnlyList<string> groups, CancellationToken cancellationToken);

    /// <summary>Ends when the call stands or was refused.</summary>
    Task<string?> CallAsync(string group, bool implicitFloorRequest, CallDeclaration declaration, CancellationToken cancellationToken);

    /// <summary>Gives up the call that is being set up.</summary>
    Task<string?> CancelCallAsync(CancellationToken cancellationToken);

    Task<string?> AnswerAsync(CancellationToken cancellationToken);

    Task<string?> RejectAsync(int status, CancellationToken cancellationToken);

    Task<string?> HangUpAsync(CancellationToken cancellationToken);

    /// <summary>A new offer with which we neither send nor receive audio, or do again; the floor is given back before.</summary>
    Task<string?> HoldAsync(bool held, CancellationToken cancellationToken);

    /// <summary>A new offer with these terms of floor control.</summary>
    Task<string?> RenegotiateAsync(FloorOffer offer, CancellationToken cancellationToken);

    /// <summary>A new offer that begins or ends an emergency or imminent peril.</summary>
    Task<string?> DeclareAsync(CallDeclaration declaration, bool implicitFloorRequest, CancellationToken cancellationToken);

    /// <summary>Null, or why there is nothing to press, for instance no call.</summary>
    string? Press(FloorWish wish);

    string? Release();

    string? AskQueuePosition();

    /// <summary>A new source for each burst.</summary>
    void Say(Func<G711Law, IAudioSource> source);

    string? Record(string path);

    Task<string?> TalkWithoutPermissionAsync(TimeSpan duration, CancellationToken cancellationToken);

    string? Flood(int requests);
}
