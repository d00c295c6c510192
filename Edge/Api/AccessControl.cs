using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Mcptt.Api.Endpoints;
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

    // What a monitor may look at.
    private static readonly string[] Watched = ["/v1/nodes", "/v1/shards", "/v1/events"];

    private readonly IReadOnlyList<(byte[] Hash, ClaimsPrincipal Who)> _tokens = [.. options.AllTokens.Select(token => (Hash(token.Token), Principal(token.Name, token.Roles)))];
    private readonly ClaimsPrincipal _local = Principal(Local, ApiRoles.All);

    public async Task InvokeAsync(HttpContext http)
    {
        if (IsHealth(http.Request.Path) || (options.MetricsOpen && IsMetrics(http.Request.Path)))
        {
            await next(http);
        }
        else if (Identify(http) is not { } who)
        {
            await RefuseAsync(http);
        }
        else if (RolesFor(http.Request) is { Count: > 0 } roles && !roles.Any(who.IsInRole))
        {
            logger.LogWarning("{Who} at {Remote} was refused {Method} {Path}: it needs the role {Role}", who.Identity?.Name, http.Connection.RemoteIpAddress, http.Request.Method, http.Request.Path, roles[0]);
            await Problems.WriteAsync(http, StatusCodes.Status403Forbidden, "role-missing", "This token may not do this", $"it needs a token with the role {string.Join(" or ", roles.Select(role => $"\"{role}\""))} (api.tokens)");
        }
        else
        {
            http.User = who;
            await next(http);
        }
    }

    // Orchestrators probe it without credentials; it shows no data.
    private static bool IsHealth(PathString path) => path.StartsWithSegments("/v1/health", StringComparison.Ordinal);

    private static bool IsMetrics(PathString path) => path.StartsWithSegments(MetricsEndpoints.Path, StringComparison.OrdinalIgnoreCase);

    /// <summary>Any of these; empty: any role. Routing does not mind upper case, so neither does this.</summary>
    private static IReadOnlyList<string> RolesFor(HttpRequest request) =>
        Is(request.Path, "/v1/audit") ? [ApiRoles.Auditor]
        : Is(request.Path, "/v1/openapi.json") || IsMetrics(request.Path) ? []
        : HttpMethods.IsGet(request.Method) && Watched.Any(path => Is(request.Path, path)) ? [ApiRoles.Monitor, ApiRoles.Operator]
        : [ApiRoles.Operator];

    private static bool Is(PathString path, string beginning) => path.StartsWithSegments(beginning, StringComparison.OrdinalIgnoreCase);

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
