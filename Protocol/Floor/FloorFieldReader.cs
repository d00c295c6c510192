using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace Mcptt.Protocol.Floor;

/// <summary>Fields of a floor message (8.1.3, 8.2.3). What stands behind the octets that a field needs is spare and not looked at.</summary>
internal static class FloorFieldReader
{
    private const byte FirstIdWithTwoLengthOctets = 192;

    public static bool TryRead(ReadOnlySpan<byte> fields, FloorMessage empty, [NotNullWhen(true)] out FloorMessage? message)
    {
        message = null;
        var read = empty;
        while (!fields.IsEmpty)
        {
            if (!TrySplit(fields, out var id, out var value, out var octets))
            {
                return false;
            }

            read = With(read, (FloorFieldId)id, value);
            fields = fields[octets..];
        }

        message = read;
        return true;
    }

    private static bool TrySplit(ReadOnlySpan<byte> fields, out byte id, out ReadOnlySpan<byte> value, out int octets)
    {
        id = fields[0];
        value = default;
        octets = 0;
        var head = id < FirstIdWithTwoLengthOctets ? 2 : 3;
        if (fields.Length < head)
        {
            return false;
        }

        var length = head == 2 ? fields[1] : BinaryPrimitives.ReadUInt16BigEndian(fields[1..]);
        if (head + length > fields.Length)
        {
            return false;
        }

        value = fields.Slice(head, length);

        // The packet is a whole number of words, so the padding of the last field is always there.
        octets = Math.Min(head + length + (-(head + length) & 3), fields.Length);
        return true;
    }

    private static FloorMessage With(FloorMessage message, FloorFieldId id, ReadOnlySpan<byte> value) =>
        id switch
        {
            FloorFieldId.FloorPriority => value.Length >= 1 ? message with { Priority = value[0] } : message,
            FloorFieldId.Duration => message with { DurationSeconds = Number(value) ?? message.DurationSeconds },
            FloorFieldId.RejectCause => WithRejectCause(message, value),
            FloorFieldId.QueueInfo => value.Length >= 2 ? message with { QueueInfo = new QueueInfo(value[0], value[1]) } : message,
            FloorFieldId.GrantedPartyIdentity => message with { GrantedPartyIdentity = Text(value) ?? message.GrantedPartyIdentity },
            FloorFieldId.PermissionToRequestTheFloor => message with { PermissionToRequestTheFloor = Flag(value) ?? message.PermissionToRequestTheFloor },
            FloorFieldId.UserId => message with { UserId = Text(value) ?? message.UserId },
            FloorFieldId.QueueSize => message with { QueueSize = Number(value) ?? message.QueueSize },
            FloorFieldId.MessageSequenceNumber => message with { SequenceNumber = Number(value) ?? message.SequenceNumber },
            FloorFieldId.QueuedUserId => message with { QueuedUserId = Text(value) ?? message.QueuedUserId },
            FloorFieldId.Source => message with { Source = (FloorSource?)Number(value) ?? message.Source },
            FloorFieldId.TrackInfo => FloorTrackInfo.TryParse(value, out var trackInfo) ? message with { TrackInfo = trackInfo } : message,
            FloorFieldId.MessageType => value.Length >= 1 ? message with { AcknowledgedType = WithoutAcknowledgementBit(value[0]) } : message,
            FloorFieldId.FloorIndicator => message with { Indicator = (FloorIndicator?)Number(value) ?? message.Indicator },
            FloorFieldId.Ssrc => value.Length >= 4 ? message with { GrantedSsrc = BinaryPrimitives.ReadUInt32BigEndian(value) } : message,
            FloorFieldId.ListOfGrantedUsers => message with { GrantedUsers = FloorLists.ReadTexts(value) ?? message.GrantedUsers },
            FloorFieldId.ListOfSsrcs => message with { Ssrcs = FloorLists.ReadSsrcs(value) ?? message.Ssrcs },
            FloorFieldId.FunctionalAlias => message with { FunctionalAlias = Text(value) ?? message.FunctionalAlias },
            FloorFieldId.ListOfFunctionalAliases => message with { FunctionalAliases = FloorLists.ReadTexts(value) ?? message.FunctionalAliases },
            FloorFieldId.Location => FloorLocation.TryParse(value, out var location, out _) ? message with { Location = location } : message,
            FloorFieldId.ListOfLocations => message with { Locations = FloorLists.ReadLocations(value) ?? message.Locations },
            FloorFieldId.QueuedFloorRequestsPurpose => message with { Purpose = (QueuedFloorRequestsPurpose?)Number(value) ?? message.Purpose },
            FloorFieldId.ListOfQueuedUsers => message with { QueuedUsers = FloorLists.ReadTexts(value) ?? message.QueuedUsers },
            FloorFieldId.ResponseState => message with { ResponseState = Number(value) ?? message.ResponseState },
            FloorFieldId.MediaFlowControlIndicator => message with { MediaFlowControl = Number(value) ?? message.MediaFlowControl },
            FloorFieldId.FloorRevokeRequestUserId => message with { RevokeRequestUserId = Text(value) ?? message.RevokeRequestUserId },
            _ => message,
        };

    private static FloorMessage WithRejectCause(FloorMessage message, ReadOnlySpan<byte> value) =>
        Number(value) is { } cause ? message with { RejectCause = cause, RejectPhrase = value.Length > 2 ? Text(value[2..]) : null } : message;

    // Some clients acknowledge with the bit still set; the type is what both mean.
    private static FloorMessageType WithoutAcknowledgementBit(byte subtype) => (FloorMessageType)(subtype & ~FloorCodec.AcknowledgementBit);

    private static ushort? Number(ReadOnlySpan<byte> value) => value.Length >= 2 ? BinaryPrimitives.ReadUInt16BigEndian(value) : null;

    private static bool? Flag(ReadOnlySpan<byte> value) => Number(value) is { } number ? number != 0 : null;

    // A text that is not UTF-8 is as good as absent: it could not be compared with an identity, nor journaled.
    private static string? Text(ReadOnlySpan<byte> value) => Utf8.IsValid(value) ? Encoding.UTF8.GetString(value) : null;
}
