using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Mcptt.Api.Audit;

internal enum AuditFormat
{
    /// <summary>A page with "next".</summary>
    Json,

    /// <summary>One document per line, as long as there are any.</summary>
    Ndjson,

    Csv,
}

/// <summary>Which of its forms a client wants the log in (RFC 9110 12.5.1).</summary>
internal static class AuditFormats
{
    public const string JsonType = "application/json";
    public const string NdjsonType = "application/x-ndjson";

    private static readonly (string Type, AuditFormat Format)[] Offered = [(JsonType, AuditFormat.Json), (NdjsonType, AuditFormat.Ndjson), (AuditCsv.MediaType, AuditFormat.Csv)];

    /// <summary>Null: none of those that there are.</summary>
    public static AuditFormat? Wanted(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        if (accepted.Count == 0)
        {
            return AuditFormat.Json;
        }

        foreach (var range in accepted.Where(range => range.Quality is not 0).OrderByDescending(range => range.Quality ?? 1))
        {
            foreach (var (type, format) in Offered)
            {
                if (range.MatchesMediaType(type))
                {
                    return format;
                }
            }
        }

        return null;
    }

    private static bool MatchesMediaType(this MediaTypeHeaderValue range, string type) => MediaTypeHeaderValue.Parse(type).IsSubsetOf(new MediaTypeHeaderValue(range.MediaType));
}
