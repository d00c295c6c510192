using Mcptt.Protocol.Messages;

namespace Mcptt.Api.Models;

/// <summary>Small conversions between the messages' units and the documents'.</summary>
internal static class Wire
{
    public const decimal MillisecondsPerSecond = 1000m;

    // A day: longer than any call, talk or hang time, and far inside 32 bits of milliseconds.
    public const decimal MaxSeconds = 86_400m;

    public static decimal Seconds(uint milliseconds) => milliseconds / MillisecondsPerSecond;

    public static uint Milliseconds(decimal seconds) => (uint)(seconds * MillisecondsPerSecond);

    public static DateTimeOffset Time(long timeUs) => UnixTime.OfUs(timeUs);

    public static string? OrNull(string text) => text.Length == 0 ? null : text;

    public static ClientModel Client(ClientContact client) =>
        new()
        {
            McpttId = client.McpttId,
            ClientId = client.ClientId,
            ContactUri = client.ContactUri,
            McpttClient = client.McpttClient,
            EdgeNode = OrNull(client.Flow?.EdgeNode ?? ""),
            Transport = client.Flow is { Transport: not Transport.Unspecified } flow ? flow.Transport.ToString().ToLowerInvariant() : null,
            Remote = OrNull(client.Flow?.Remote ?? ""),
        };
}
