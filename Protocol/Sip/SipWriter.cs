using System.Buffers;
using System.Globalization;
using System.Text;

namespace Mcptt.Protocol.Sip;

/// <summary>Writes a message: long header names, one blank after the colon, Content-Length last and always that of the body.</summary>
public static class SipWriter
{
    private static ReadOnlySpan<byte> Version => "SIP/2.0"u8;

    private static ReadOnlySpan<byte> ContentLength => "Content-Length: "u8;

    public static byte[] ToBytes(SipMessage message)
    {
        var bytes = new byte[GetByteCount(message)];
        return TryWrite(message, bytes, out var written) && written == bytes.Length
            ? bytes
            : throw new InvalidOperationException("The message was changed while it was written.");
    }

    public static void Write(SipMessage message, IBufferWriter<byte> writer)
    {
        var span = writer.GetSpan(GetByteCount(message));
        if (!TryWrite(message, span, out var written))
        {
            throw new InvalidOperationException("The message was changed while it was written.");
        }

        writer.Advance(written);
    }

    public static int GetByteCount(SipMessage message)
    {
        var count = message switch
        {
            RequestMessage request => Bytes(request.Method) + Bytes(request.RequestUriText) + Version.Length + 4,
            ResponseMessage response => Version.Length + 5 + Bytes(response.ReasonPhrase) + 2,
            _ => 0,
        };
        var headers = message.Headers;
        for (var at = 0; at < headers.Count; at++)
        {
            if (headers.IdAt(at) != KnownHeaders.ContentLengthId)
            {
                count += Bytes(headers.NameAt(at)) + Bytes(headers.ValueSpan(at)) + 4;
            }
        }

        return count + ContentLength.Length + Digits(message.Body.Length) + 4 + message.Body.Length;
    }

    /// <summary>False: the span is too short.</summary>
    public static bool TryWrite(SipMessage message, Span<byte> destination, out int written)
    {
        var output = new Output(destination);
        WriteStartLine(message, ref output);
        var headers = message.Headers;
        for (var at = 0; at < headers.Count; at++)
        {
            if (headers.IdAt(at) != KnownHeaders.ContentLengthId)
            {
                output.Add(headers.NameAt(at));
                output.Add(": "u8);
                output.Add(headers.ValueSpan(at));
                output.Add("\r\n"u8);
            }
        }

        output.Add(ContentLength);
        output.Add(message.Body.Length);
        output.Add("\r\n\r\n"u8);
        output.Add(message.Body.Span);
        written = output.Written;
        return !output.Overflowed;
    }

    private static void WriteStartLine(SipMessage message, ref Output output)
    {
        if (message is RequestMessage request)
        {
            output.Add(request.Method);
            output.Add(" "u8);
            output.Add(request.RequestUriText);
            output.Add(" "u8);
            output.Add(Version);
        }
        else if (message is ResponseMessage response)
        {
            output.Add(Version);
            output.Add(" "u8);
            output.Add(response.StatusCode);
            output.Add(" "u8);
            output.Add(response.ReasonPhrase);
        }

        output.Add("\r\n"u8);
    }

    private static int Bytes(ReadOnlySpan<char> text) => Encoding.UTF8.GetByteCount(text);

    private static int Digits(int number)
    {
        var digits = 1;
        for (; number >= 10; number /= 10)
        {
            digits++;
        }

        return digits;
    }

    private ref struct Output(Span<byte> destination)
    {
        private readonly Span<byte> _destination = destination;

        public int Written { get; private set; }

        public bool Overflowed { get; private set; }

        public void Add(ReadOnlySpan<byte> bytes)
        {
            if (Overflowed || !bytes.TryCopyTo(_destination[Written..]))
            {
                Overflowed = true;
                return;
            }

            Written += bytes.Length;
        }

        public void Add(ReadOnlySpan<char> text)
        {
            if (Overflowed || !Encoding.UTF8.TryGetBytes(text, _destination[Written..], out var count))
            {
                Overflowed = true;
                return;
            }

            Written += count;
        }

        public void Add(int number)
        {
            if (Overflowed || !number.TryFormat(_destination[Written..], out var count, default, CultureInfo.InvariantCulture))
            {
                Overflowed = true;
                return;
            }

            Written += count;
        }
    }
}
