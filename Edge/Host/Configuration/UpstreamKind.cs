using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mcptt.Api.Json;

namespace Mcptt.Host.Configuration;

/// <summary>{ "name": "ims", "addresses": ["192.0.2.1"], "trusted": true }</summary>
internal sealed record UpstreamKind() : ValueKind<Upstream>("{ name, addresses, trusted }")
{
    private const string Shape = "write { \"name\": \"ims\", \"addresses\": [\"192.0.2.1\"], \"trusted\": true }";

    public override Reading<Upstream> Read(JsonElement element)
    {
        var utf8 = System.Text.Encoding.UTF8.GetBytes(element.GetRawText());
        if (!StrictJson.TryRead<Written>(utf8, out var written, out _, out var faults))
        {
            return Wrong(string.Join(", ", faults.Select(fault => $"{fault.Field} {fault.Problem}".Trim())), Shape);
        }

        var addresses = new List<IPAddress>();
        foreach (var text in written.Addresses)
        {
            if (!IPAddress.TryParse(text, out var address))
            {
                return Wrong($"\"{text}\" is no IP address", Shape);
            }

            addresses.Add(address);
        }

        return written.Name.Length == 0 || addresses.Count == 0
            ? Wrong("has no name or no address", Shape)
            : new(new Upstream(written.Name, addresses, written.Trusted));
    }

    public override JsonNode? Write(Upstream value) =>
        new JsonObject
        {
            ["name"] = value.Name,
            ["addresses"] = new JsonArray([.. value.Addresses.Select(address => JsonValue.Create(address.ToString()))]),
            ["trusted"] = value.Trusted,
        };

    private sealed record Written
    {
        public required string Name { get; init; }

        public required IReadOnlyList<string> Addresses { get; init; }

        public bool Trusted { get; init; } = true;
    }
}
