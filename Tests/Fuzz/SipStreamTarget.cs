using Mcptt.Protocol.Sip;
using Mcptt.Testing;

namespace Mcptt.Fuzz;

/// <summary>The frames of a stream do not depend on how it is cut into reads, and each is a message that the parser reads to its end.</summary>
internal sealed class SipStreamTarget : IFuzzTarget
{
    // Small, so that mutations reach them.
    private static readonly SipLimits Limits = new() { MaxStreamMessageBytes = 4_096, MaxHeadBytes = 3_000 };

    public string Name => "sip-stream";

    public IEnumerable<byte[]> Seeds()
    {
        var files = Directory.GetFiles(Corpus.Folder("sip"), "*.sip").Order(StringComparer.Ordinal).Select(File.ReadAllBytes).ToList();
        return files.Zip(files.Skip(1), (first, second) => (byte[])[.. first, .. "\r\n\r\n"u8, .. second]);
    }

    public string? Check(byte[] input)
    {
        var whole = Frames(input, [input.Length]);
        var random = new Random(input.Length);
        for (var round = 0; round < 3; round++)
        {
            // One byte at a time, small pieces, large pieces.
            var most = 1 << (round * 4);
            var cuts = new List<int>();
            for (var at = 0; at < input.Length;)
            {
                at = Math.Min(input.Length, at + random.Next(1, most + 1));
                cuts.Add(at);
            }

            var cut = Frames(input, cuts);
            if (!whole.SequenceEqual(cut))
            {
                return $"cut into pieces of up to {most}: {string.Join(' ', cut)} instead of {string.Join(' ', whole)}";
            }
        }

        return null;
    }

    private static List<(SipFrameKind Kind, int Start, int Length)> Frames(byte[] input, IReadOnlyList<int> cuts)
    {
        var framer = new SipStreamFramer(Limits);
        var frames = new List<(SipFrameKind Kind, int Start, int Length)>();
        var start = 0;
        foreach (var end in cuts)
        {
            while (start < end)
            {
                var frame = framer.Next(input.AsSpan(start, end - start));
                if (frame.Kind == SipFrameKind.NeedMore)
                {
                    break;
                }

                // How much of the head was there when it was refused depends on the cut; that it was refused does not.
                frames.Add((frame.Kind, start, frame.Kind == SipFrameKind.Invalid ? 0 : frame.Length));
                if (frame.Kind == SipFrameKind.Invalid)
                {
                    return frames;
                }

                start += frame.Length;
            }
        }

        return frames;
    }
}
