using Mcptt.Media.Recording;

namespace Mcptt.Media.Tests.Recording;

internal static class Tapes
{
    public static BurstTape One(PacketQueue queue) => new(new BurstOrigin("call", "", 1, "", 1, _ => default), queue, TimeProvider.System);
}
