namespace Mcptt.Protocol.Sip;

/// <summary>Numbers for the header names that we know, so that a look-up compares a byte. 0 is any other name.</summary>
internal static class KnownHeaders
{
    public const byte Unknown = 0;

    // The numbers are positions in Names; the ones below are named because the parser checks them.
    public const byte ViaId = 1;
    public const byte FromId = 2;
    public const byte ToId = 3;
    public const byte CallIdId = 4;
    public const byte CSeqId = 5;
    public const byte MaxForwardsId = 6;
    public const byte ContentLengthId = 7;
    public const byte ContactId = 8;
    public const byte RouteId = 9;
    public const byte RecordRouteId = 10;
    public const byte ContentTypeId = 11;

    private const int Slots = 512;

    private static readonly string[] Names =
    [
        "", "Via", "From", "To", "Call-ID", "CSeq", "Max-Forwards", "Content-Length", "Contact", "Route", "Record-Route", "Content-Type",
        "Expires", "Min-Expires", "Accept", "Accept-Contact", "Accept-Encoding", "Accept-Language", "Accept-Resource-Priority",
        "Alert-Info", "Allow", "Allow-Events", "Answer-Mode", "Authentication-Info", "Authorization", "Call-Info", "Content-Disposition",
        "Content-Encoding", "Content-ID", "Content-Language", "Date", "Error-Info", "Event", "Flow-Timer", "Geolocation", "History-Info",
        "Identity", "Info-Package", "In-Reply-To", "Join", "MIME-Version", "Min-SE", "Organization", "Path", "P-Access-Network-Info",
        "P-Answer-State", "P-Asserted-Identity", "P-Asserted-Service", "P-Associated-URI", "P-Called-Party-ID", "P-Charging-Vector",
        "P-Preferred-Identity", "P-Preferred-Service", "P-Served-User", "P-Visited-Network-ID", "Priority", "Privacy", "Priv-Answer-Mode",
        "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Require", "RAck", "Reason", "Recv-Info", "Refer-Sub", "Refer-To",
        "Referred-By", "Reject-Contact", "Replaces", "Reply-To", "Request-Disposition", "Require", "Resource-Priority", "Retry-After",
        "RSeq", "Server", "Service-Route", "Session-Expires", "SIP-ETag", "SIP-If-Match", "Subject", "Subscription-State", "Supported",
        "Target-Dialog", "Timestamp", "Unsupported", "User-Agent", "Warning", "WWW-Authenticate",
    ];

    // IANA "Compact forms" of the SIP header registry.
    private static readonly (char Letter, string Name)[] CompactForms =
    [
        ('a', "Accept-Contact"), ('b', "Referred-By"), ('c', "Content-Type"), ('d', "Request-Disposition"), ('e', "Content-Encoding"), ('f', "From"),
        ('i', "Call-ID"), ('j', "Reject-Contact"), ('k', "Supported"), ('l', "Content-Length"), ('m', "Contact"), ('o', "Event"), ('r', "Refer-To"),
        ('s', "Subject"), ('t', "To"), ('u', "Allow-Events"), ('v', "Via"), ('x', "Session-Expires"), ('y', "Identity"),
    ];

    private static readonly byte[] ByLetter = FillLetters();
    private static readonly byte[] BySlot = FillSlots();

    public static string Name(byte id) => Names[id];

    public static byte Find(ReadOnlySpan<char> name)
    {
        if (name.Length <= 1)
        {
            return name.Length == 1 && char.IsAsciiLetter(name[0]) ? ByLetter[(name[0] | 0x20) - 'a'] : Unknown;
        }

        for (var slot = Slot(name); BySlot[slot] != Unknown; slot = (slot + 1) % Slots)
        {
            if (name.Equals(Names[BySlot[slot]], StringComparison.OrdinalIgnoreCase))
            {
                return BySlot[slot];
            }
        }

        return Unknown;
    }

    private static int Slot(ReadOnlySpan<char> name) =>
        ((name[0] | 0x20) * 7 + (name[^1] | 0x20) * 31 + (name[name.Length / 2] | 0x20) * 3 + name.Length * 61) % Slots;

    private static byte[] FillLetters()
    {
        var byLetter = new byte[26];
        foreach (var (letter, name) in CompactForms)
        {
            byLetter[letter - 'a'] = (byte)Array.IndexOf(Names, name);
        }

        return byLetter;
    }

    private static byte[] FillSlots()
    {
        var slots = new byte[Slots];
        for (var id = 1; id < Names.Length; id++)
        {
            var slot = Slot(Names[id]);
            while (slots[slot] != Unknown)
            {
                slot = (slot + 1) % Slots;
            }

            slots[slot] = (byte)id;
        }

        return slots;
    }
}
