using Mcptt.Protocol.Floor;
using Mcptt.Testing;

namespace Mcptt.Fuzz;

/// <summary>Whatever floor messages are read from a datagram are written and read again as the same, and the walk goes on in whole words to its end.</summary>
internal sealed class FloorTarget : IFuzzTarget
{
    public string Name => "floor";

    public IEnumerable<byte[]> Seeds()
    {
        var messages = Directory
            .GetFiles(Corpus.Folder("floor"), "*.hex")
            .Order(StringComparer.Ordinal)
            .Select(file => Convert.FromHexString(File.ReadAllText(file).Trim()))
            .ToList();
        return [.. messages, .. messages.Zip(messages.Skip(1), (first, second) => (byte[])[.. first, .. second])];
    }

    public string? Check(byte[] input)
    {
        for (var rest = input.AsSpan(); !rest.IsEmpty;)
        {
            var decoded = FloorCodec.TryDecode(rest, out var message, out var octets);
            if (octets < 0 || octets > rest.Length || octets % 4 != 0 || (decoded && octets == 0))
            {
                return $"{octets} octets read of {rest.Length}";
            }

            if (decoded && Again(message!) is { } problem)
            {
                return problem;
            }

            if (octets == 0)
            {
                return null;
            }

            rest = rest[octets..];
        }

        return null;
    }

    private static string? Again(FloorMessage message)
    {
        var bytes = FloorCodec.Encode(message);
        if (!FloorCodec.TryDecode(bytes, out var again, out var octets) || octets != bytes.Length)
        {
            return $"{message} was written as {Convert.ToHexString(bytes)}, which is not read";
        }

        return message == again ? null : $"{message} was written as {Convert.ToHexString(bytes)} and read as {again}";
    }
}
