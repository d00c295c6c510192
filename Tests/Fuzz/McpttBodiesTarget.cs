using System.Text;
using Mcptt.Protocol.Mcptt;
using Mcptt.Testing;

namespace Mcptt.Fuzz;

/// <summary>Whatever is read as one of the XML bodies is written and read again, and then written as the same bytes.</summary>
internal sealed class McpttBodiesTarget : IFuzzTarget
{
    public string Name => "mcptt-bodies";

    public IEnumerable<byte[]> Seeds() => Directory.GetFiles(Corpus.Folder("mcptt"), "*.xml").Order(StringComparer.Ordinal).Select(File.ReadAllBytes);

    public string? Check(byte[] input)
    {
        if (Print(input) is not { } written)
        {
            return null;
        }

        var again = Print(written);
        return again is null ? $"what was written is not read: {Encoding.UTF8.GetString(written)}"
            : again.AsSpan().SequenceEqual(written) ? null
            : $"written as {Encoding.UTF8.GetString(written)}, read and written as {Encoding.UTF8.GetString(again)}";
    }

    private static byte[]? Print(byte[] input) =>
        McpttInfo.TryParse(input, out var info, out _) ? info.ToBytes()
        : AffiliationPidf.TryParse(input, out var pidf, out _) ? pidf.ToBytes()
        : ResourceLists.TryParse(input, out var lists, out _) ? lists.ToBytes()
        : PocSettings.TryParse(input, out var settings, out _) ? settings.ToBytes()
        : null;
}
