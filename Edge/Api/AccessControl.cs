using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Mcptt.Api;

/// <summary>
/// Who may use the API: with a token, whoever has it; without one, only this machine, and only under a name of this machine,
/// so that a web page which a browser here shows cannot reach it by a name of its own (DNS rebinding).
/// </summary>
internal sealed class AccessControl(RequestDelegate next, ApiOptions options)
{
    private const string Scheme = "Bearer ";
    private readonly byte[] _token = SHA256.HashData(Encoding.UTF8.GetBytes(options.Token));

    public async Task InvokeAsync(HttpContext http)
    {
        if (IsHealth(http.Request.Path) || (options.Token.Length > 0 ? HasToken(http) : IsLocal(http)))
        {
            await next(http);
            return;
        }

        if (options.Token.Length > 0)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
            await Problems.WriteAsync(
                http,
                StatusCodes.Status401Unauthorized,
                "unauthorised",
                "A token is needed",
                "send the header \"Authorization: Bearer <the value of api.token>\""
            );
            return;
        }

        await Problems.WriteAsync(
            http,
            StatusCodes.Status403Forbidden,
            "not-local",
            "Only this machine may do this",
            "set api.token to use the API from elsewhere, or address it as 127.0.0.1 or localhost"
        );
    }

    // Orchestrators probe it without credentials; it shows no data.
    private static bool IsHealth(PathString path) => path.StartsWithSegments("/v1/health", StringComparison.Ordinal);

    private bool HasToken(HttpContext http)
    {
        var header = http.Request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(header[Scheme.Length..].Trim())), _token);
    }

    private static bool IsLocal(HttpContext http)
    {
        var host = http.Request.Host.Host;
        var named = host.Length == 0 || host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
        return named && http.Connection.RemoteIpAddress is { } remote && IPAddress.IsLoopback(remote);
    }
}
