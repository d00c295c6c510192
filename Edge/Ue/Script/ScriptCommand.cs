using Mcptt.Ue.Floor;

namespace Mcptt.Ue.Script;

/// <summary>One line of a script. A request that is refused fails the script unless the line began with "try".</summary>
public abstract record ScriptCommand
{
    private ScriptCommand()
    {
    }

    /// <summary>1, 2, ... in its file.</summary>
    public int Line { get; init; }

    public bool MayFail { get; init; }

    public sealed record Register(TimeSpan? Expires) : ScriptCommand;

    public sealed record Unregister : ScriptCommand;

    public sealed record Settings(bool ManualAnswer) : ScriptCommand;

    public sealed record Subscribe : ScriptCommand;

    /// <summary>The whole set of groups: it replaces the former one.</summary>
    public sealed record Affiliate(IReadOnlyList<string> Groups) : ScriptCommand;

    public sealed record Call(string Group, bool ImplicitFloorRequest, CallDeclaration Declaration) : ScriptCommand;

    /// <summary>re-INVITE that begins or ends an emergency or imminent peril.</summary>
    public sealed record Declare(CallDeclaration Declaration, bool ImplicitFloorRequest) : ScriptCommand;

    /// <summary>CANCEL of a call that is not answered yet.</summary>
    public sealed record Cancel : ScriptCommand;

    public sealed record Answer : ScriptCommand;

    public sealed record Reject(int Status) : ScriptCommand;

    public sealed record HangUp : ScriptCommand;

    /// <summary>re-INVITE: neither audio out nor in.</summary>
    public sealed record Hold : ScriptCommand;

    public sealed record Resume : ScriptCommand;

    /// <summary>re-INVITE with other terms of floor control.</summary>
    public sealed record Renegotiate(FloorOffer Offer) : ScriptCommand;

    public sealed record Press(FloorWish Wish) : ScriptCommand;

    /// <summary>As a user does: who is denied presses again, until granted.</summary>
    public sealed record KeepPressing(FloorWish Wish, TimeSpan Within) : ScriptCommand;

    public sealed record Release : ScriptCommand;

    public sealed record AskQueuePosition : ScriptCommand;

    public sealed record Play(string File) : ScriptCommand;

    public sealed record Tone(double FrequencyHz) : ScriptCommand;

    public sealed record Record(string File) : ScriptCommand;

    /// <summary>RTP without asking: what a plain phone does, and a misbehaving client.</summary>
    public sealed record Talk(TimeSpan Duration) : ScriptCommand;

    public sealed record Flood(int Requests) : ScriptCommand;

    public sealed record Wait(TimeSpan Duration) : ScriptCommand;

    public sealed record Expect(string Word, IReadOnlyList<KeyValuePair<string, string>> Conditions, TimeSpan Within) : ScriptCommand;

    public sealed record ExpectNo(string Word, IReadOnlyList<KeyValuePair<string, string>> Conditions, TimeSpan During) : ScriptCommand;

    public sealed record Print(string Text) : ScriptCommand;
}
