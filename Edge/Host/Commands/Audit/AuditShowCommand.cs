using System.CommandLine;
using System.Text.Json;
using Mcptt.Actors.Audit;
using Mcptt.Api.Json;
using Mcptt.Api.Models;
using Mcptt.Domain.Audit.Stories;

namespace Mcptt.Host.Commands.Audit;

/// <summary>mcptt audit show CALL</summary>
internal static class AuditShowCommand
{
    public static Command Create(AuditSource source)
    {
        var call = CallArgument.Create();
        var at = new Option<string?>("--at") { Description = "Who could hear whom, who waited and who was refused at this time (UTC): 14:03:07 or 2026-11-21T14:03:07Z", HelpName = "TIME" };
        var format = new Option<StoryFormat>("--format") { Description = "text, json or markdown", DefaultValueFactory = _ => StoryFormat.Text };
        var all = new Option<bool>("--all") { Description = "Every event, also the protocol's housekeeping" };
        var command = new Command("show", "Tell a call: who was in it, who talked and who could hear it, who waited, who was refused and why.") { call, at, format, all };
        source.SetAction(
            command,
            async (parsed, journal, screen, cancellationToken) =>
            {
                var story = await CallArgument.TellAsync(new CallStoryReader(journal), parsed.GetValue(call) ?? "", cancellationToken);
                var instant = parsed.GetValue(at) is { } time ? InstantOf(story, time) : null;
                var parts = instant is null ? StoryTables.Of(story, parsed.GetValue(all)) : InstantTables.Of(story, instant);
                switch (parsed.GetValue(format))
                {
                    case StoryFormat.Json:
                        screen.Json(instant is null
                            ? JsonSerializer.SerializeToElement(StoryModel.Of(story), ApiJson.Options)
                            : JsonSerializer.SerializeToElement(InstantModel.Of(story, instant), ApiJson.Options));
                        break;
                    case StoryFormat.Markdown:
                        await source.Context.Out.WriteAsync(StoryMarkdown.Of(parts));
                        break;
                    default:
                        new StoryPrinter(source.Context, screen).Print(parts);
                        break;
                }
            });
        return command.WithExamples(
            "mcptt audit show 3f2a9c                             by the beginning of its id",
            "mcptt audit show 3f2a9c --at 14:03:07               who could hear whom at that second",
            "mcptt audit show 3f2a9c --format markdown > call.md",
            "mcptt audit show 3f2a9c --format json | jq .refusals");
    }

    private static StoryInstant InstantOf(CallStory story, string time) =>
        StoryTime.TryRead(time, story, out var asked, out var fault) ? StoryInstant.Of(story, asked) : throw new UsageException($"--at: {fault}");
}
