namespace Mcptt.Host.Commands.Audit;

/// <summary>How a story is written.</summary>
internal enum StoryFormat
{
    Text,
    Json,
    Markdown,
}
