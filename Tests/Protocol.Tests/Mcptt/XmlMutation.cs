using System.Text;

namespace Mcptt.Protocol.Tests.Mcptt;

/// <summary>Damages a document a little: what a broken client, a cut body or an attacker sends.</summary>
internal static class XmlMutation
{
    private static readonly string[] Fragments = ["<", ">", "\"", "&", "&#1;", "<!DOCTYPE a>", "<a>", "</a>", "xmlns=\"\"", "type=\"Encrypted\"", "true", "sip:", "\u00e9", "]]>", "<![CDATA[<]]>"];

    public static byte[] Mutate(Random random, byte[] seed)
    {
        var bytes = seed.ToList();
        for (var changes = random.Next(1, 6); changes > 0; changes--)
        {
            var at = random.Next(bytes.Count + 1);
            switch (random.Next(4))
            {
                case 0:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(Fragments[random.Next(Fragments.Length)]));
                    break;
                case 1 when at < bytes.Count:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2 when at < bytes.Count:
                    bytes.RemoveRange(at, random.Next(1, Math.Min(12, bytes.Count - at) + 1));
                    break;
                default:
                    var from = random.Next(bytes.Count + 1);
                    bytes.InsertRange(at, bytes.GetRange(from, random.Next(0, Math.Min(40, bytes.Count - from) + 1)));
                    break;
            }
        }

        return [.. bytes];
    }
}
