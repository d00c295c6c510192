using System.Text;

namespace Mcptt.Fuzz;

/// <summary>Makes an input from a seed by one to eight changes of the kinds that break parsers.</summary>
internal sealed class Mutator(Random random, IReadOnlyList<byte[]> seeds)
{
    private const int MaxChanges = 8;
    private const int MaxInputBytes = 70_000;

    // What is special to text and binary parsers alike: separators, openings without an end, numbers at the edges.
    private static readonly byte[][] Tokens =
    [
        .. new[]
        {
            "\r\n", "\r\n\r\n", "\r\n ", "\n", "\r", "\0", "\"", "\\", "<", ">", ";", ",", ":", "=", "@", "?", "%", "%4", "%00", "[", "]", "*", " ", "\t",
            "-1", "0", "255", "256", "65535", "65536", "2147483647", "2147483648", "4294967295", "4294967296", "99999999999999999999",
            "\u00e9", "\uffff", ";;", ",,", "\"\"", "<>", "&amp;", "<!DOCTYPE x [", "<![CDATA[", "--", "sip:", "SIP/2.0",
        }.Select(Encoding.UTF8.GetBytes),
        [0xff], [0xfe, 0xff], [0x80], [0xc3], [0xff, 0xff], [0x7f, 0xff], [0, 0, 0, 0], [0xff, 0xff, 0xff, 0xff],
    ];

    public byte[] Next()
    {
        if (seeds.Count == 0)
        {
            var noise = new byte[random.Next(512)];
            random.NextBytes(noise);
            return noise;
        }

        var input = new List<byte>(seeds[random.Next(seeds.Count)]);
        for (var changes = random.Next(1, MaxChanges + 1); changes > 0; changes--)
        {
            Change(input);
        }

        return input.Count <= MaxInputBytes ? [.. input] : [.. input.Take(MaxInputBytes)];
    }

    private void Change(List<byte> input)
    {
        var at = random.Next(input.Count + 1);
        var length = Math.Min(random.Next(1, 1 << random.Next(1, 8)), input.Count - at);
        switch (random.Next(9))
        {
            case 0 when at < input.Count:
                input[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < input.Count:
                input[at] = (byte)random.Next(256);
                break;
            case 2:
                input.RemoveRange(at, length);
                break;
            case 3:
                input.InsertRange(random.Next(input.Count + 1), input.GetRange(at, length));
                break;
            case 4:
                input.RemoveRange(at, input.Count - at);
                break;
            case 5:
                var other = seeds[random.Next(seeds.Count)];
                var from = random.Next(other.Length + 1);
                input.InsertRange(at, other.AsSpan(from, Math.Min(length, other.Length - from)).ToArray());
                break;
            case 6 when at < input.Count:
                input.InsertRange(at, Enumerable.Repeat(input[at], random.Next(1, 1 << random.Next(1, 14))));
                break;
            default:
                input.InsertRange(at, Tokens[random.Next(Tokens.Length)]);
                break;
        }
    }
}
