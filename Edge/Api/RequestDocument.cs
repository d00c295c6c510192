using Mcptt.Api.Json;
using Microsoft.AspNetCore.Http;

namespace Mcptt.Api;

/// <summary>The JSON body of a request, read so that everything wrong with it is named.</summary>
internal sealed record RequestDocument<T>(T? Value, JsonPlaces Places, IResult? Problem)
    where T : class
{
    public static async Task<RequestDocument<T>> ReadAsync(HttpContext http)
    {
        // Also keeps plain web forms of other sites out: a browser sends this type across sites only after asking.
        if (!http.Request.HasJsonContentType())
        {
            return Failed(Problems.NotJson());
        }

        try
        {
            using var body = new MemoryStream();
            await http.Request.BodyReader.CopyToAsync(body, http.RequestAborted);
            return StrictJson.TryRead<T>(body.GetBuffer().AsSpan(0, (int)body.Length), out var value, out var places, out var faults)
                ? new RequestDocument<T>(value, places, null)
                : Failed(Problems.Faults(faults));
        }
        catch (BadHttpRequestException exception)
        {
            return Failed(Problems.Of(exception.StatusCode, "bad-body", "The body cannot be read", exception.Message));
        }
    }

    private static RequestDocument<T> Failed(IResult problem) => new(null, JsonPlaces.None, problem);
}
