namespace Mcptt.Load.Running;

public enum LoadPhase
{
    Registering,
    Ramp,
    Steady,
    CoolDown,
    Leaving,
}
