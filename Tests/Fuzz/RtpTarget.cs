using Mcptt.Protocol.Rtp;

namespace Mcptt.Fuzz;

/// <summary>A header that is read lies inside its packet and is written as the very octets it was read from.</summary>
internal sealed class RtpTarget : IFuzzTarget
{
    public string Name => "rtp";

    public IEnumerable<byte[]> Seeds() =>
        [
            Convert.FromHexString("800000010000000012345678" + "FFFEFDFCFBFA"),
            Convert.FromHexString("B2E0123489ABCDEF11223344" + "AAAAAAAA" + "BBBBBBBB" + "BEDE0001" + "10FF0000" + "0102030404"),
        ];

    public string? Check(byte[] input)
    {
        if (!RtpHeader.TryRead(input, out var header))
        {
            return null;
        }

        if (header.Octets > input.Length)
        {
            return $"header of {header.Octets} octets in {input.Length}";
        }

        var written = input[..header.Octets];
        written.AsSpan(0, RtpHeader.FixedOctets).Clear();
        header.Write(written);
        if (!written.AsSpan().SequenceEqual(input.AsSpan(0, header.Octets)))
        {
            return $"{Convert.ToHexString(input, 0, header.Octets)} was written as {Convert.ToHexString(written)}";
        }

        for (var i = 0; i < header.CsrcCount; i++)
        {
            _ = header.GetCsrc(input, i);
        }

        return header.GetExtension(input).Length != header.ExtensionWords * 4 ? "extension cut"
            : header.TryGetPayload(input, out var payload) && header.Octets + payload.Length > input.Length ? "payload leaves the packet"
            : null;
    }
}
