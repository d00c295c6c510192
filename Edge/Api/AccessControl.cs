using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Mcptt.Api;

/// <summary>
/// Who may use the API, and for what: with tokens, whoever has one, in the roles of that token; without any, only this machine, for everything, and only
/// under a name of this machine, so that a web page which a browser here shows cannot reach it by a name of its own (DNS rebinding).
/// </summary>
internal sealed class AccessControl(RequestDelegate next, ApiOptions options, ILogger<AccessControl> logger)
{
    private const string Scheme = "Bearer ";
    private const string Local = "local";

    private readonly IReadOnlyList<(byte[] Hash, ClaimsPrincipal Who)> _tokens = [.. options.AllTokens.Select(token => (Hash(token.Token), Principal(token.Name, token.Roles)))];
    private readonly ClaimsPrincipal _local = Principal(Local, ApiRoles.All);

    public async Task InvokeAsync(HttpContext http)
    {
        if (IsHealth(http.Request.Path))
        {
            await next(http);
        }
        else if (Identify(http) is not { } who)
        {
            await RefuseAsync(http);
        }
        else if (RoleFor(http.Request.Path) is { } role && !who.IsInRole(role))
        {
            logger.LogWarning("{Who} at {Remote} was refused {Method} {Path}: it needs the role {Role}", who.Identity?.Name, http.Connection.RemoteIpAddress, http.Request.Method, http.Request.Path, role);
            await Problems.WriteAsync(http, StatusCodes.Status403Forbidden, "role-missing", "This token may not do this", $"it needs a token with the role \"{role}\" (api.tokens)");
        }
        else
        {
            http.User = who;
            await next(http);
        }
    }

    // Orchestrators probe it without credentials; it shows no data.
    private static bool IsHealth(PathString path) => path.StartsWithSegments("/v1/health", StringComparison.Ordinal);

    /// <summary>Null: any role. Routing does not mind upper case, so neither does this.</summary>
    private static string? RoleFor(PathString path) =>
        path.StartsWithSegments("/v1/audit", StringComparison.OrdinalIgnoreCase) ? ApiRoles.Auditor
        : path.StartsWithSegments("/v1/openapi.json", StringComparison.OrdinalIgnoreCase) ? null
        : ApiRoles.Operator;

    private ClaimsPrincipal? Identify(HttpContext http)
    {
        if (_tokens.Count == 0)
        {
            return IsLocal(http) ? _local : null;
        }

        var header = http.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        // All are compared, so that the time tells nothing of which one it was.
        var given = Hash(header[Scheme.Length..].Trim());
        ClaimsPrincipal? found = null;
        foreach (var (hash, who) in _tokens)
        {
            found = CryptographicOperations.FixedTimeEquals(given, hash) ? who : found;
        }

        return found;
    }

    private Task RefuseAsync(HttpContext http)
    {
        if (_tokens.Count == 0)
        {
            return Problems.WriteAsync(
                http,
                StatusCodes.Status403Forbidden,
                "not-local",
                "Only this machine may do this",
                "set api.token or api.tokens to use the API from elsewhere, or address it as 127.0.0.1 or localhost"
            );
        }

        http.Response.Headers.WWWAuthenticate = "Bearer";
        return Problems.WriteAsync(
            http,
            StatusCodes.Status401Unauthorized,
            "unauthorised",
            "A token is needed",
            "send the header \"Authorization: Bearer <a token of api.token or api.tokens>\""
        );
    }

    private static bool IsLocal(HttpContext http)
    {
        var host = http.Request.Host.Host;
        var named = host.Length == 0 || host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
        return named && http.Connection.RemoteIpAddress is { } remote && IPAddress.IsLoopback(remote);
    }

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    private static ClaimsPrincipal Principal(string name, IEnumerable<string> roles) =>
        new(new ClaimsIdentity([new Claim(ClaimTypes.Name, name), .. roles.Select(role => new Claim(ClaimTypes.Role, role))], "token"));
}
