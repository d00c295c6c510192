using System.Diagnostics.CodeAnalysis;
using Mcptt.Api.Models;
using Microsoft.AspNetCore.Http;

namespace Mcptt.Api.Endpoints;

/// <summary>An identity in the address of a request.</summary>
internal static class RouteIdentity
{
    public static bool TryRead(string id, [NotNullWhen(false)] out IResult? problem, out string identity)
    {
        // The web server leaves an escaped slash as it is; in a SIP URI both mean the same (RFC 3261 19.1.4).
        problem = Identities.TryNormalise(id.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase), out identity)
            ? null
            : Problems.Parameter("id", $"\"{id}\" is no identity", Identities.Fix + ", URL-encoded");
        return problem is null;
    }
}
