using Mcptt.Protocol.Sip;
using Mcptt.Testing;

namespace Mcptt.Fuzz;

/// <summary>parse, print, parse gives the same message; every property of an accepted message can be read; every refused request that can be answered is.</summary>
internal sealed class SipTarget : IFuzzTarget
{
    public string Name => "sip";

    public IEnumerable<byte[]> Seeds() => Directory.GetFiles(Corpus.Folder("sip"), "*.sip").Order(StringComparer.Ordinal).Select(File.ReadAllBytes);

    public string? Check(byte[] input)
    {
        if (!SipParser.TryParse(input, out var message, out var error))
        {
            return error.Code == SipParseErrorCode.None ? "refused without a reason" : CheckAnswer(message, error.Status);
        }

        if (message is null)
        {
            return "accepted without a message";
        }

        ReadAll(message);
        return CheckRoundTrip(message) ?? CheckAnswer(message, 200) ?? CheckMultipart(message);
    }

    private static string? CheckRoundTrip(SipMessage message)
    {
        var printed = message.ToBytes();
        if (!SipParser.TryParse(printed, out var again, out var error))
        {
            // Long header names, UTF-8 and our Content-Length may take it past a limit that it just kept.
            return error.Code is SipParseErrorCode.TooLarge or SipParseErrorCode.HeaderTooLong or SipParseErrorCode.TooManyHeaders
                ? null : $"what we print is refused: {error}\n{message}";
        }

        return again is null || !Describe(message).SequenceEqual(Describe(again)) ? $"print changes the message:\n{message}\n{again}"
            : !printed.AsSpan().SequenceEqual(again.ToBytes()) ? "print of what was printed differs"
            : !message.Body.Span.SequenceEqual(again.Body.Span) ? "the body changed"
            : null;
    }

    private static IEnumerable<string> Describe(SipMessage message) => message.Headers
        .Where(header => header.Name != SipHeaderNames.ContentLength)
        .Select(header => $"{header.Name}: {header.Value}")
        .Prepend(message switch
        {
            RequestMessage request => $"{request.Method} {request.RequestUriText}",
            ResponseMessage response => $"{response.StatusCode} {response.ReasonPhrase}",
            _ => "",
        });

    private static string? CheckAnswer(SipMessage? message, int status)
    {
        if (message is not RequestMessage request)
        {
            return null;
        }

        var response = request.CreateResponse(status, toTag: "fuzz");
        return response.Vias.Count == 0 || response.ToBytes().Length == 0 ? "the response has no Via" : null;
    }

    private static string? CheckMultipart(SipMessage message)
    {
        if (!MultipartBody.TryReadParts(message, out var parts) || parts.Count == 0)
        {
            return null;
        }

        var (contentType, body) = MultipartBody.Build(parts);
        return MediaType.TryParse(contentType, out var type) && MultipartBody.TryParse(type, body, out var again)
            && parts.Count == again.Count
            && parts.Zip(again).All(pair => pair.First.Content.Span.SequenceEqual(pair.Second.Content.Span)
                && pair.First.ContentType.Name == pair.Second.ContentType.Name)
            ? null
            : "the parts of the body changed";
    }

    private static void ReadAll(SipMessage message)
    {
        object?[] values =
        [
            message.CallId, message.From, message.To, message.CSeq, message.TopVia, message.Vias, message.Routes, message.RecordRoutes,
            message.MaxForwards, message.ExpiresSeconds, message.MinExpiresSeconds, message.RetryAfterSeconds, message.ContentType,
            message.SessionExpires, message.MinSESeconds, message.Event, message.Require, message.Supported, message.Warnings,
            message.AssertedIdentities, message.Paths, message.ServiceRoutes, message.AcceptContacts, message.Credentials(),
            message.Challenges(), message.From.Tag, message.From.Uri?.AddressOfRecord, message.From.Uri?.GetHashCode(),
        ];
        GC.KeepAlive(values);
        foreach (var contact in message.Contacts)
        {
            _ = contact.Uri?.Equals(message.From.Uri);
            _ = contact.Parameters.ToList();
            _ = contact.ExpiresSeconds;
        }
    }
}
