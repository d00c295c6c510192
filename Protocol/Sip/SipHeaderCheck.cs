namespace Mcptt.Protocol.Sip;

/// <summary>Takes the header lines into a message and checks those on which every answer depends.</summary>
internal ref struct SipHeaderCheck(SipMessage message, SipLimits limits)
{
    // Headers that may stand once only (RFC 3261 7.3.1, 20), by their number.
    private const uint Single = (1u << KnownHeaders.FromId) | (1u << KnownHeaders.ToId) | (1u << KnownHeaders.CallIdId)
        | (1u << KnownHeaders.CSeqId) | (1u << KnownHeaders.MaxForwardsId) | (1u << KnownHeaders.ContentTypeId);

    private const uint NeededForAnswer = (1u << KnownHeaders.ViaId) | (1u << KnownHeaders.FromId) | (1u << KnownHeaders.ToId)
        | (1u << KnownHeaders.CallIdId) | (1u << KnownHeaders.CSeqId);

    private uint _seen;
    private bool _viaIsBad;

    public readonly bool CanBeAnswered => (_seen & NeededForAnswer) == NeededForAnswer && !_viaIsBad;

    /// <summary>Reads on after a fault, so that a request can be answered; the first fault stays in <paramref name="error"/>.</summary>
    public bool TryReadHeaders(string head, int at, ref SipParseError error)
    {
        while (at < head.Length)
        {
            if (message.Headers.Count == limits.MaxHeaders)
            {
                return Note(ref error, SipParseErrorCode.TooManyHeaders, "Too many headers");
            }

            var end = head.IndexOf("\r\n", at, StringComparison.Ordinal);
            if (end - at > Math.Min(limits.MaxHeaderLineChars, ushort.MaxValue))
            {
                return Note(ref error, SipParseErrorCode.HeaderTooLong, "Header too long");
            }

            TryReadLine(head, at, end, ref error);
            at = end + 2;
        }

        return error.Code == SipParseErrorCode.None;
    }

    public bool TryValidate(ref SipParseError error)
    {
        if ((_seen & NeededForAnswer) != NeededForAnswer)
        {
            return Note(ref error, SipParseErrorCode.MissingHeader, $"{KnownHeaders.Name(FirstMissing())} missing");
        }

        for (var at = 0; at < message.Headers.Count; at++)
        {
            var id = message.Headers.IdAt(at);
            if (id is > KnownHeaders.Unknown and <= KnownHeaders.RecordRouteId && !IsWellFormed(id, message.Headers.ValueSpan(at)))
            {
                _viaIsBad |= id == KnownHeaders.ViaId;
                Note(ref error, SipParseErrorCode.HeaderValue, $"Malformed {KnownHeaders.Name(id)}");
            }
        }

        CheckMethod(ref error);
        return error.Code == SipParseErrorCode.None;
    }

    // RFC 3261 18.3: in a datagram what lies beyond Content-Length is cut off, and too little is an error.
    public readonly bool TryTakeBody(ReadOnlySpan<byte> rest, ref SipParseError error)
    {
        var length = -1;
        for (var at = message.Headers.IndexOf(KnownHeaders.ContentLengthId, 0); at >= 0; at = message.Headers.IndexOf(KnownHeaders.ContentLengthId, at + 1))
        {
            if (!SipGrammar.TryNumber(message.Headers.ValueSpan(at), int.MaxValue, out var number) || (length >= 0 && number != length))
            {
                return Note(ref error, SipParseErrorCode.ContentLength, "Malformed Content-Length");
            }

            if (number > rest.Length)
            {
                return Note(ref error, SipParseErrorCode.ContentLength, "Content-Length exceeds the message");
            }

            length = (int)number;
        }

        length = length < 0 ? rest.Length : length;
        message.Body = length == 0 ? ReadOnlyMemory<byte>.Empty : rest[..length].ToArray();
        return true;
    }

    private static bool Note(ref SipParseError error, SipParseErrorCode code, string detail)
    {
        error = error.Code == SipParseErrorCode.None ? new SipParseError(code, detail) : error;
        return false;
    }

    private bool TryReadLine(string head, int start, int end, ref SipParseError error)
    {
        var line = head.AsSpan(start, end - start);
        var colon = line.IndexOf(':');
        var name = colon < 0 ? default : line[..colon].TrimEnd(" \t");
        if (!SipGrammar.IsToken(name) || line.ContainsAny('\r', '\n'))
        {
            return Note(ref error, SipParseErrorCode.HeaderSyntax, "Malformed header line");
        }

        var id = KnownHeaders.Find(name);
        var bit = id < 32 ? 1u << id : 0;
        if ((_seen & bit & Single) != 0)
        {
            return Note(ref error, SipParseErrorCode.RepeatedHeader, $"More than one {KnownHeaders.Name(id)}");
        }

        _seen |= bit;
        var value = line[(colon + 1)..];
        var blanks = value.Length - value.TrimStart(" \t").Length;
        message.Headers.AddSlice(id, head, start, name.Length, start + colon + 1 + blanks, value.Trim(" \t").Length);
        return true;
    }

    private readonly bool IsWellFormed(byte id, ReadOnlySpan<char> value) => id switch
    {
        KnownHeaders.ViaId => IsList(value, limits.MaxVias, static element => ViaSlices.TryRead(element, out _)),
        KnownHeaders.FromId or KnownHeaders.ToId => NameAddrSlices.TryRead(value, out _),
        KnownHeaders.CallIdId => SipGrammar.IsCallId(value),
        KnownHeaders.CSeqId => CSeq.TryRead(value, out _, out _),
        KnownHeaders.MaxForwardsId => SipGrammar.TryNumber(value, 255, out _),
        KnownHeaders.ContactId => value is "*" || IsList(value, limits.MaxListElements, IsNameAddr),
        KnownHeaders.RouteId or KnownHeaders.RecordRouteId => IsList(value, limits.MaxListElements, IsNameAddr),
        _ => true,
    };

    private static bool IsNameAddr(ReadOnlySpan<char> element) => NameAddrSlices.TryRead(element, out _);

    private delegate bool Check(ReadOnlySpan<char> element);

    private static bool IsList(ReadOnlySpan<char> value, int max, Check check)
    {
        var count = 0;
        while (SipGrammar.TryNextElement(ref value, out var element))
        {
            if (++count > max || !check(element))
            {
                return false;
            }
        }

        return value.IsEmpty && count > 0;
    }

    // RFC 3261 8.1.1.5: the method of CSeq is that of the request.
    private readonly void CheckMethod(ref SipParseError error)
    {
        var at = message.Headers.IndexOf(KnownHeaders.CSeqId, 0);
        if (message is RequestMessage request && CSeq.TryRead(message.Headers.ValueSpan(at), out _, out var method)
            && !method.SequenceEqual(request.Method))
        {
            Note(ref error, SipParseErrorCode.MethodMismatch, "CSeq names another method");
        }
    }

    private readonly byte FirstMissing()
    {
        byte id = KnownHeaders.ViaId;
        while ((_seen & (1u << id)) != 0)
        {
            id++;
        }

        return id;
    }
}
