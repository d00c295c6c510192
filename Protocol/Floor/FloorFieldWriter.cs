using System.Buffers.Binary;
using System.Text;

namespace Mcptt.Protocol.Floor;

/// <summary>Writes the fields of a message in ascending order of their ids, each padded with zeros to a multiple of 4 octets (8.1.3).</summary>
internal ref struct FloorFieldWriter
{
    private const int HeadOctets = 2;
    private const int MaxPhraseOctets = FloorCodec.MaxValueOctets - 2;

    private readonly Span<byte> _buffer;
    private int _length;

    private FloorFieldWriter(Span<byte> buffer) => _buffer = buffer;

    public static int Write(FloorMessage message, Span<byte> buffer)
    {
        var writer = new FloorFieldWriter(buffer);
        writer.WriteOctets(FloorFieldId.FloorPriority, message.Priority, 0);
        writer.WriteNumber(FloorFieldId.Duration, message.DurationSeconds);
        writer.WriteRejectCause(message);
        writer.WriteOctets(FloorFieldId.QueueInfo, message.QueueInfo?.Position, message.QueueInfo?.Priority ?? 0);
        writer.WriteText(FloorFieldId.GrantedPartyIdentity, message.GrantedPartyIdentity);
        writer.WriteNumber(FloorFieldId.PermissionToRequestTheFloor, message.PermissionToRequestTheFloor is { } may ? (ushort)(may ? 1 : 0) : null);
        writer.WriteText(FloorFieldId.UserId, message.UserId);
        writer.WriteNumber(FloorFieldId.QueueSize, message.QueueSize);
        writer.WriteNumber(FloorFieldId.MessageSequenceNumber, message.SequenceNumber);
        writer.WriteText(FloorFieldId.QueuedUserId, message.QueuedUserId);
        writer.WriteNumber(FloorFieldId.Source, (ushort?)message.Source);
        writer.WriteTrackInfo(message.TrackInfo);
        writer.WriteOctets(FloorFieldId.MessageType, (byte?)message.AcknowledgedType, 0);
        writer.WriteNumber(FloorFieldId.FloorIndicator, (ushort?)message.Indicator);
        writer.WriteSsrc(message.GrantedSsrc);
        writer.WriteTexts(FloorFieldId.ListOfGrantedUsers, message.GrantedUsers);
        writer.WriteSsrcs(message.Ssrcs);
        writer.WriteText(FloorFieldId.FunctionalAlias, message.FunctionalAlias);
        writer.WriteTexts(FloorFieldId.ListOfFunctionalAliases, message.FunctionalAliases);
        writer.WriteLocation(message.Location);
        writer.WriteLocations(message.Locations);
        writer.WriteNumber(FloorFieldId.QueuedFloorRequestsPurpose, (ushort?)message.Purpose);
        writer.WriteTexts(FloorFieldId.ListOfQueuedUsers, message.QueuedUsers);
        writer.WriteNumber(FloorFieldId.ResponseState, message.ResponseState);
        writer.WriteNumber(FloorFieldId.MediaFlowControlIndicator, message.MediaFlowControl);
        writer.WriteText(FloorFieldId.FloorRevokeRequestUserId, message.RevokeRequestUserId);
        return writer._length;
    }

    private readonly Span<byte> Value => _buffer.Slice(_length + HeadOctets, FloorCodec.MaxValueOctets);

    private void Finish(FloorFieldId id, int valueOctets)
    {
        _buffer[_length] = (byte)id;
        _buffer[_length + 1] = (byte)valueOctets;
        var end = _length + HeadOctets + valueOctets;
        _length = end + (-end & 3);
        _buffer[end.._length].Clear();
    }

    private void WriteOctets(FloorFieldId id, byte? first, byte second)
    {
        if (first is { } octet)
        {
            Value[0] = octet;
            Value[1] = second;
            Finish(id, 2);
        }
    }

    private void WriteNumber(FloorFieldId id, ushort? number)
    {
        if (number is { } value)
        {
            BinaryPrimitives.WriteUInt16BigEndian(Value, value);
            Finish(id, 2);
        }
    }

    private void WriteText(FloorFieldId id, string? text)
    {
        if (text is not null && Encoding.UTF8.GetByteCount(text) <= FloorCodec.MaxValueOctets)
        {
            Finish(id, Encoding.UTF8.GetBytes(text, Value));
        }
    }

    private void WriteRejectCause(FloorMessage message)
    {
        if (message.RejectCause is not { } cause)
        {
            return;
        }

        BinaryPrimitives.WriteUInt16BigEndian(Value, cause);
        var phrase = message.RejectPhrase ?? "";
        var fits = Encoding.UTF8.GetByteCount(phrase) <= MaxPhraseOctets;
        Finish(FloorFieldId.RejectCause, 2 + (fits ? Encoding.UTF8.GetBytes(phrase, Value[2..]) : 0));
    }

    private void WriteTrackInfo(FloorTrackInfo? trackInfo)
    {
        if (trackInfo is not null)
        {
            trackInfo.Value.CopyTo(Value);
            Finish(FloorFieldId.TrackInfo, trackInfo.Value.Length);
        }
    }

    // SSRC and 16 spare bits, so that the field ends on a word.
    private void WriteSsrc(uint? ssrc)
    {
        if (ssrc is { } value)
        {
            BinaryPrimitives.WriteUInt32BigEndian(Value, value);
            Value.Slice(4, 2).Clear();
            Finish(FloorFieldId.Ssrc, 6);
        }
    }

    private void WriteTexts(FloorFieldId id, FloorList<string>? texts)
    {
        if (texts is not null)
        {
            Finish(id, FloorLists.WriteTexts(texts, Value));
        }
    }

    private void WriteSsrcs(FloorList<uint>? ssrcs)
    {
        if (ssrcs is not null)
        {
            Finish(FloorFieldId.ListOfSsrcs, FloorLists.WriteSsrcs(ssrcs, Value));
        }
    }

    private void WriteLocation(FloorLocation? location)
    {
        if (location is not null)
        {
            location.Value.CopyTo(Value);
            Finish(FloorFieldId.Location, location.Value.Length);
        }
    }

    private void WriteLocations(FloorList<FloorLocation>? locations)
    {
        if (locations is not null)
        {
            Finish(FloorFieldId.ListOfLocations, FloorLists.WriteLocations(locations, Value));
        }
    }
}
