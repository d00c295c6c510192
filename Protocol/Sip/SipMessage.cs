using System.Buffers;

namespace Mcptt.Protocol.Sip;

/// <summary>
/// A request or response. What <see cref="SipParser"/> accepts has well-formed Via, From, To, Call-ID, CSeq, Contact, Route,
/// Record-Route and Max-Forwards, so the properties of these cannot fail; on a message that we build they throw
/// <see cref="FormatException"/> for what was never set or set wrongly.
/// </summary>
public abstract partial class SipMessage
{
    private Cached<NameAddr> _from;
    private Cached<NameAddr> _to;
    private Cached<CSeq> _cseq;
    private Cached<Via> _topVia;

    protected SipMessage(SipHeaders headers) => Headers = headers;

    public SipHeaders Headers { get; }

    /// <summary>Set by <see cref="SetBody(string, ReadOnlyMemory{byte})"/>. Content-Length is made by the writer from this alone.</summary>
    public ReadOnlyMemory<byte> Body { get; internal set; }

    public string CallId => Headers[SipHeaderNames.CallId] ?? throw Missing(SipHeaderNames.CallId);

    public NameAddr From
    {
        get => Get(ref _from, KnownHeaders.FromId, NameAddr.TryParse);
        set => Headers.Set(SipHeaderNames.From, value.ToString());
    }

    public NameAddr To
    {
        get => Get(ref _to, KnownHeaders.ToId, NameAddr.TryParse);
        set => Headers.Set(SipHeaderNames.To, value.ToString());
    }

    public CSeq CSeq
    {
        get => Get(ref _cseq, KnownHeaders.CSeqId, CSeq.TryParse);
        set => Headers.Set(SipHeaderNames.CSeq, value.ToString());
    }

    /// <summary>The first Via value, also of several on one line.</summary>
    public Via TopVia => Get(ref _topVia, KnownHeaders.ViaId, TryParseFirstVia);

    public IReadOnlyList<Via> Vias => List<Via>(SipHeaderNames.Via, Via.TryParse);

    public IReadOnlyList<ContactValue> Contacts => List<ContactValue>(SipHeaderNames.Contact, ContactValue.TryParse);

    public IReadOnlyList<NameAddr> Routes => List<NameAddr>(SipHeaderNames.Route, NameAddr.TryParse);

    public IReadOnlyList<NameAddr> RecordRoutes => List<NameAddr>(SipHeaderNames.RecordRoute, NameAddr.TryParse);

    /// <summary>Null: none (RFC 2543 elements send none).</summary>
    public int? MaxForwards => SipGrammar.TryNumber(Headers[SipHeaderNames.MaxForwards], 255, out var hops) ? (int)hops : null;

    public void SetBody(string contentType, ReadOnlyMemory<byte> body)
    {
        Headers.Set(SipHeaderNames.ContentType, contentType);
        Body = body;
    }

    public void SetBody(string contentType, string body) => SetBody(contentType, System.Text.Encoding.UTF8.GetBytes(body));

    /// <summary>Puts a value in the place of the first Via value, for received and rport (RFC 3261 18.2.1, RFC 3581).</summary>
    public void ReplaceTopVia(Via via)
    {
        var elements = Headers.Elements(SipHeaderNames.Via);
        Headers.Set(SipHeaderNames.Via, string.Join(", ", elements.Skip(1).Prepend(via.ToString())));
    }

    /// <summary>Takes the first Via value off.</summary>
    public void RemoveTopVia()
    {
        var elements = Headers.Elements(SipHeaderNames.Via);
        if (elements.Count > 1)
        {
            Headers.Set(SipHeaderNames.Via, string.Join(", ", elements.Skip(1)));
        }
        else
        {
            Headers.Remove(SipHeaderNames.Via);
        }
    }

    public byte[] ToBytes() => SipWriter.ToBytes(this);

    public void WriteTo(IBufferWriter<byte> writer) => SipWriter.Write(this, writer);

    /// <summary>The whole message as text; for logs and tests.</summary>
    public override string ToString() => System.Text.Encoding.UTF8.GetString(ToBytes());

    private protected static FormatException Missing(string name) => new($"{name} is missing or malformed");

    private static bool TryParseFirstVia(ReadOnlySpan<char> text, out Via? via)
    {
        via = null;
        return SipGrammar.TryNextElement(ref text, out var element) && Via.TryParse(element, out via);
    }

    private T Get<T>(ref Cached<T> cached, byte id, TryParse<T> parse)
        where T : class
    {
        if (cached.Value is not null && cached.Version == Headers.Version)
        {
            return cached.Value;
        }

        var at = Headers.IndexOf(id, 0);
        if (at < 0 || !parse(Headers.ValueSpan(at), out var value) || value is null)
        {
            throw Missing(KnownHeaders.Name(id));
        }

        cached = new Cached<T>(value, Headers.Version);
        return value;
    }

    private List<T> List<T>(string name, TryParse<T> parse)
        where T : class
    {
        var list = new List<T>();
        foreach (var element in Headers.Elements(name))
        {
            list.Add(parse(element, out var value) && value is not null ? value : throw Missing(name));
        }

        return list;
    }

    private protected delegate bool TryParse<T>(ReadOnlySpan<char> text, out T? value);

    private readonly record struct Cached<T>(T? Value, int Version);
}
