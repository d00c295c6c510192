using System.Text.Json;
using System.Text.Json.Nodes;
using Mcptt.Api;
using Mcptt.Api.Json;

namespace Mcptt.Host.Configuration;

/// <summary>{ "name": "anna", "token": "...", "roles": ["auditor"] }</summary>
internal sealed record ApiTokenKind() : ValueKind<ApiToken>("{ name, token, roles }")
{
    private const string Shape = "write { \"name\": \"anna\", \"token\": \"<at least 16 visible ASCII characters>\", \"roles\": [\"auditor\"] }";
    private const int LeastLength = 16;

    /// <summary>Guessing one takes longer than anything that it protects, and it fits into a header field.</summary>
    public static bool IsToken(string text) => text.Length >= LeastLength && text.All(letter => letter is > ' ' and <= '~');

    public override Reading<ApiToken> Read(JsonElement element)
    {
        var utf8 = System.Text.Encoding.UTF8.GetBytes(element.GetRawText());
        if (!StrictJson.TryRead<Written>(utf8, out var written, out _, out var faults))
        {
            return Wrong(string.Join(", ", faults.Select(fault => $"{fault.Field} {fault.Problem}".Trim())), Shape);
        }

        if (written.Roles.FirstOrDefault(role => !ApiRoles.All.Contains(role)) is { } unknown)
        {
            return Wrong($"\"{unknown}\" is no role", Suggestion.Phrase(unknown, [.. ApiRoles.All]));
        }

        // The token itself is never part of what is said.
        return written.Name.Length == 0 || written.Roles.Count == 0 ? Wrong("has no name or no role", Shape)
            : !IsToken(written.Token) ? Wrong($"the token of {written.Name} is too short or has other than visible ASCII characters", Shape)
            : new(new ApiToken(written.Name, written.Token, written.Roles));
    }

    public override JsonNode? Write(ApiToken value) =>
        new JsonObject
        {
            ["name"] = value.Name,
            ["token"] = value.Token,
            ["roles"] = new JsonArray([.. value.Roles.Select(role => JsonValue.Create(role))]),
        };

    private sealed record Written
    {
        public required string Name { get; init; }

        public required string Token { get; init; }

        public required IReadOnlyList<string> Roles { get; init; }
    }
}
