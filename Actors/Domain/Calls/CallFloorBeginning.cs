using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Calls;

/// <summary>
/// A temporary group's floor opens in G: Floor Initialising (TS 24.380 6.3.4.2.2). It begins when everybody who was invited has answered or
/// failed, at the latest <see cref="CallDefaults.FloorInitialising"/> after the call began.
/// </summary>
internal static class CallFloorBeginning
{
    public static bool IsAwaited(CallState state) => state is CallState.Active { Rules.Temporary: true, Core.FloorMayBegin: false };

    public static void Check(CallDraft draft)
    {
        if (IsAwaited(draft.State) && !draft.Invited.Any())
        {
            Begin(draft);
        }
    }

    public static void Begin(CallDraft draft) => draft.Add(new CallEvent { FloorMayBegin = new FloorMayBegin() });
}
