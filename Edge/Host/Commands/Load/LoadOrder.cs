using Mcptt.Load.Running;

namespace Mcptt.Host.Commands.Load;

/// <summary>What mcptt load was asked to do.</summary>
/// <param name="Api">Where users and groups are provisioned first; null: nowhere.</param>
/// <param name="Folder">Of the report; null: none is written.</param>
internal sealed record LoadOrder(LoadOptions Run, Uri? Api, string Token, DirectoryInfo? Folder, bool Json);
