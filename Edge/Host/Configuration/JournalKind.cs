using System.Text.Json;
using System.Text.Json.Nodes;
using Mcptt.Actors.Journals.Postgres;

namespace Mcptt.Host.Configuration;

/// <summary>A path, or where a PostgreSQL database is. A password in it is never shown.</summary>
internal sealed record JournalKind() : ValueKind<string>("path or postgres://ROLE@HOST:PORT/DATABASE")
{
    private const string Fix = "write a path, postgres://role@host:port/database or Host=...;Database=...;Username=...";

    public override Reading<string> Read(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.String)
        {
            return Wrong($"{element.GetRawText()} is no text", "write it in quotes");
        }

        var text = element.GetString() ?? "";
        return !PostgresAddress.IsMeant(text) || PostgresAddress.TryRead(text, out _, out var problem) ? new(text) : Wrong(problem, Fix);
    }

    public override JsonNode? Write(string value) => JsonValue.Create(PostgresAddress.IsMeant(value) ? PostgresAddress.WithoutSecrets(value) : value);
}
