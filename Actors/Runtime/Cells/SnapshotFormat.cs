using System.Security.Cryptography;
using Google.Protobuf;
using Mcptt.Actors.Journals;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Cells;

/// <summary>
/// The bytes of a snapshot. They name whose they are and after which event, and carry a SHA-256 of themselves: a state that was damaged on the
/// disk may still be a message that parses. That it belongs to this history is for <see cref="HistoryReader"/> to see.
/// </summary>
internal static class SnapshotFormat
{
    public const uint Version = 2;

    // Written before there was a SHA-256 of the content. It is bound to its history like any other.
    private const uint WithoutOwnSha256 = 1;
    private const uint StateVersionOfBare = 1;

    public static byte[] Write(SnapshotContent content)
    {
        var bytes = content.ToByteArray();
        var envelope = new SnapshotEnvelope
        {
            Version = Version,
            Content = UnsafeByteOperations.UnsafeWrap(bytes),
            ContentSha256 = UnsafeByteOperations.UnsafeWrap(SHA256.HashData(bytes)),
        };
        return envelope.ToByteArray();
    }

    /// <returns>Null: the snapshot was read. Else what is wrong with it, as the end of a sentence that begins with "it".</returns>
    public static string? Read(in StoredSnapshot stored, string persistenceId, uint stateVersion, out SnapshotContent content)
    {
        content = new SnapshotContent();
        if (stored.Manifest != JournalFormat.SnapshotManifest)
        {
            return $"is of another program or version (manifest {stored.Manifest})";
        }

        try
        {
            return Parse(stored, persistenceId, out content) ?? Contradiction(content, stored.SequenceNumber, persistenceId, stateVersion);
        }
        catch (InvalidProtocolBufferException failure)
        {
            return $"was damaged: {failure.Message}";
        }
    }

    private static string? Parse(in StoredSnapshot stored, string persistenceId, out SnapshotContent content)
    {
        content = new SnapshotContent();
        var envelope = SnapshotEnvelope.Parser.ParseFrom(stored.Snapshot);
        switch (envelope.Version)
        {
            case WithoutOwnSha256:
                content = FromBare(envelope, persistenceId, stored.SequenceNumber);
                return null;
            case Version when !SHA256.HashData(envelope.Content.Span).AsSpan().SequenceEqual(envelope.ContentSha256.Span):
                return "was damaged: it does not have the SHA-256 that it had";
            case Version:
                content = SnapshotContent.Parser.ParseFrom(envelope.Content);
                return null;
            default:
                return $"is of version {envelope.Version}, and this program reads {WithoutOwnSha256} and {Version}";
        }
    }

    private static string? Contradiction(SnapshotContent content, long sequenceNumber, string persistenceId, uint stateVersion)
    {
        if (content.PersistenceId != persistenceId)
        {
            return $"is of {content.PersistenceId}";
        }

        if (content.SequenceNumber != sequenceNumber || sequenceNumber < 1)
        {
            return $"was made after event {content.SequenceNumber}, not after {sequenceNumber}";
        }

        if (content.StateVersion != stateVersion)
        {
            return $"has a state of version {content.StateVersion}, and this program's is {stateVersion}";
        }

        return content.State is null ? "has no state" : null;
    }

    private static SnapshotContent FromBare(SnapshotEnvelope envelope, string persistenceId, long sequenceNumber)
    {
        var content = new SnapshotContent
        {
            PersistenceId = persistenceId,
            SequenceNumber = sequenceNumber,
            StateVersion = StateVersionOfBare,
            State = envelope.State,
            HandedOver = envelope.HandedOver,
            LastSha256 = envelope.LastSha256,
        };
        content.Remembered.AddRange(envelope.Remembered);
        return content;
    }
}
