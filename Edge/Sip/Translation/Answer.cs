using Mcptt.Protocol.Sip;

namespace Mcptt.Edge.Translation;

/// <summary>A final response before it is addressed: status, reason phrase, header fields and body.</summary>
internal sealed record Answer(int Status, string Reason)
{
    /// <summary>Longest reason phrase; the rest of a longer one is cut.</summary>
    private const int MaxReasonCharacters = 160;

    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    public (string ContentType, ReadOnlyMemory<byte> Content)? Body { get; init; }

    /// <summary>Our tag where the response makes a dialog; null: a tag that stands for nothing.</summary>
    public string? ToTag { get; init; }

    public bool IsSuccess => Status is >= 200 and < 300;

    public static Answer Of(int status, string? reason = null, params (string Name, string Value)[] headers) =>
        new(status, Shorten(reason ?? ReasonPhrases.Of(status))) { Headers = headers };

    /// <summary>A 400 that says what was wrong with the request, as RFC 3261 21.4.1 wants it.</summary>
    public static Answer BadRequest(string fault) => Of(400, $"{ReasonPhrases.Of(400)}: {fault}");

    public Answer With(string name, string value) => this with { Headers = [.. Headers, (name, value)] };

    public ResponseMessage ToResponse(RequestMessage request, string defaultToTag)
    {
        var response = request.CreateResponse(Status, Reason, ToTag ?? defaultToTag);
        foreach (var (name, value) in Headers)
        {
            response.Headers.Add(name, value);
        }

        if (Body is var (contentType, content))
        {
            response.SetBody(contentType, content);
        }

        return response;
    }

    private static string Shorten(string text) => text.Length <= MaxReasonCharacters ? text : text[..MaxReasonCharacters];
}
