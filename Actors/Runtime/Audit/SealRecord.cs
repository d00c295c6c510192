using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Google.Protobuf;
using Mcptt.Actors.Journals;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Audit;

/// <summary>A seal as it stands in the journal: its envelope, its row, and what its signature covers.</summary>
internal static class SealRecord
{
    // Keeps a signature of ours from ever meaning something else.
    private static readonly byte[] Domain = "mcptt.audit.v1.SealEvent\0"u8.ToArray();

    /// <summary>Domain | SHA-256 of the previous seal's envelope (zeros before the first) | the seal without its signature, as protobuf writes it.</summary>
    public static byte[] SignedOctets(SealEvent seal, ReadOnlySpan<byte> previousSha256)
    {
        var unsigned = seal.Clone();
        unsigned.Signature = ByteString.Empty;
        var signed = new byte[Domain.Length + Sha256Value.Octets + unsigned.CalculateSize()];
        Domain.CopyTo(signed, 0);
        previousSha256.CopyTo(signed.AsSpan(Domain.Length));
        unsigned.WriteTo(signed.AsSpan(Domain.Length + Sha256Value.Octets));
        return signed;
    }

    /// <summary>The only octets that hold this seal: a change of anything in its envelope shows.</summary>
    public static byte[] Message(SealEvent seal, ReadOnlySpan<byte> previousSha256)
    {
        var id = $"seal:{seal.Number}";
        var envelope = new EventEnvelope
        {
            Event = new DomainEvent { TimeUs = seal.TimeUs, Seal = seal },
            CommandId = id,
            CorrelationId = id,
            PreviousSha256 = ByteString.CopyFrom(previousSha256),
            Count = 1,
            Reply = Replies.Accepted,
        };
        return envelope.ToByteArray();
    }

    public static DateTimeOffset TimeOf(SealEvent seal) => UnixTime.OfUs(seal.TimeUs);

    public static bool TryRead(in StoredEvent stored, [NotNullWhen(true)] out EventEnvelope? envelope) =>
        stored.TryReadEnvelope(out envelope) && envelope.Event.Seal is not null;

    public static byte[] Sha256(in StoredEvent stored) => SHA256.HashData(stored.Message);
}
