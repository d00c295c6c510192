using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using Google.Protobuf;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Cluster.Streams;

/// <summary>A frame on the wire: its length in 4 octets, little endian, then the protobuf message <see cref="NodeFrame"/>.</summary>
internal static class FrameCodec
{
    private const int LengthBytes = 4;

    public static void Write(NodeFrame frame, IBufferWriter<byte> output)
    {
        var length = frame.CalculateSize();
        BinaryPrimitives.WriteInt32LittleEndian(output.GetSpan(LengthBytes), length);
        output.Advance(LengthBytes);
        frame.WriteTo(output);
    }

    /// <summary>Null at the end of the stream. Throws <see cref="InvalidDataException"/> for what is no frame of ours.</summary>
    public static async ValueTask<NodeFrame?> ReadAsync(PipeReader input, int maxBytes, CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await input.ReadAsync(cancellationToken);
            var buffer = result.Buffer;
            if (TryRead(ref buffer, maxBytes, out var frame))
            {
                input.AdvanceTo(buffer.Start);
                return frame;
            }

            input.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted)
            {
                return buffer.IsEmpty ? null : throw new InvalidDataException("the stream ended within a frame");
            }
        }
    }

    private static bool TryRead(ref ReadOnlySequence<byte> buffer, int maxBytes, [NotNullWhen(true)] out NodeFrame? frame)
    {
        frame = null;
        Span<byte> prefix = stackalloc byte[LengthBytes];
        if (buffer.Length < LengthBytes)
        {
            return false;
        }

        buffer.Slice(0, LengthBytes).CopyTo(prefix);
        var length = BinaryPrimitives.ReadInt32LittleEndian(prefix);
        if (length < 0 || length > maxBytes)
        {
            throw new InvalidDataException($"a frame of {length} octets, more than {maxBytes}");
        }

        if (buffer.Length < LengthBytes + length)
        {
            return false;
        }

        try
        {
            frame = NodeFrame.Parser.ParseFrom(buffer.Slice(LengthBytes, length));
        }
        catch (InvalidProtocolBufferException failure)
        {
            throw new InvalidDataException("a frame that is no protobuf message", failure);
        }

        buffer = buffer.Slice(LengthBytes + length);
        return true;
    }
}
