using Mcptt.Protocol.Floor;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Floor;

/// <summary>Unicast Media Flow Control: a participant that hears the call otherwise (MBMS) wants no voice, and later wants it again.</summary>
internal static class FloorMediaFlow
{
    /// <summary>The message came with release 17.</summary>
    public const uint MediaFlowControlRelease = 17;

    public static Decision Control(FloorState.Open open, ControlMediaFlow control, long timeUs)
    {
        if (open.Session.Rules.ReleaseNumber < MediaFlowControlRelease)
        {
            return Decision.AlreadySo; // An undefined subtype is ignored (8.1.4).
        }

        var stopped = (control.Indicator & (uint)MediaFlowControl.Resume) == 0; // What the spare bits say is ignored.
        if (open.Session.FlowStopped.Contains(control.Leg) == stopped && !control.Acknowledge)
        {
            return Decision.AlreadySo;
        }

        var controlled = new FloorMediaFlowControlled { Leg = control.Leg, Stopped = stopped, Acknowledge = control.Acknowledge };
        return Decision.Accept([new DomainEvent { TimeUs = timeUs, Floor = new FloorEvent { MediaFlowControlled = controlled } }]);
    }
}
