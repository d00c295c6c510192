namespace Mcptt.Host.Composition;

/// <summary>The server cannot start; the message names what, by which key, and what to do.</summary>
internal sealed class StartupException(string message, Exception? inner = null) : Exception(message, inner);
