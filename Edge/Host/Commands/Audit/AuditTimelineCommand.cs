using System.CommandLine;
using Mcptt.Actors.Audit;
using Mcptt.Domain.Audit.Timelines;

namespace Mcptt.Host.Commands.Audit;

/// <summary>mcptt audit timeline CALL</summary>
internal static class AuditTimelineCommand
{
    public static Command Create(AuditSource source)
    {
        var call = CallArgument.Create();
        var output = new Option<string>("--output", "-o") { Description = "File to write: call.svg is a picture, call.html a page that can be zoomed", HelpName = "FILE", Required = true };
        var command = new Command("timeline", "Draw a call: who had the floor, who could hear it, who waited and who was refused, lane by lane.") { call, output };
        source.SetAction(
            command,
            async (parsed, journal, screen, cancellationToken) =>
            {
                var path = parsed.GetValue(output)!; // Required.
                var isPage = Path.GetExtension(path).ToLowerInvariant() switch
                {
                    ".svg" => false,
                    ".html" or ".htm" => true,
                    _ => throw new UsageException($"--output: \"{path}\" is neither .svg nor .html"),
                };
                var story = await CallArgument.TellAsync(new CallStoryReader(journal), parsed.GetValue(call) ?? "", cancellationToken);
                await WriteAsync(path, isPage ? TimelinePage.Html(story) : TimelinePicture.Svg(story), cancellationToken);
                screen.Line($"{path} written: call {story.Call}");
            });
        return command.WithExamples("mcptt audit timeline 3f2a9c -o call.svg", "mcptt audit timeline 3f2a9c -o call.html");
    }

    private static async Task WriteAsync(string path, string text, CancellationToken cancellationToken)
    {
        try
        {
            await File.WriteAllTextAsync(path, text, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FailedException($"{path} cannot be written: {exception.Message}");
        }
    }
}
