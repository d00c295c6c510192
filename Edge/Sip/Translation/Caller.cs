using Mcptt.Protocol.Messages;

namespace Mcptt.Edge.Translation;

/// <summary>Who sent a request, and with which of its clients.</summary>
internal sealed record Caller(string McpttId, string ClientId, ClientContact? Registered);

/// <summary>A caller, or the answer that the request gets instead.</summary>
internal readonly record struct CallerOrAnswer(Caller? Caller, Answer? Answer);
