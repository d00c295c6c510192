using System.Runtime.CompilerServices;

namespace Mcptt.Actors.Audit;

/// <summary>The 32 octets of a SHA-256, without an object of their own.</summary>
[InlineArray(Octets)]
internal struct Sha256Value
{
    public const int Octets = 32;

    private byte _first;
}
