using System.CommandLine;
using System.Text.Json;
using Mcptt.Actors.Audit;
using Mcptt.Api.Json;
using Mcptt.Api.Models;
using Mcptt.Domain.Audit.Stories;
using Mcptt.Domain.Ports;

namespace Mcptt.Host.Commands.Audit;

/// <summary>mcptt audit calls</summary>
internal static class AuditCallsCommand
{
    private const int DefaultCount = 50;
    private const int ShortId = 10;
    private const int NamedUsers = 4;

    public static Command Create(AuditSource source)
    {
        var user = new Option<string?>("--user") { Description = "Only calls that have to do with this MCPTT ID", HelpName = "ID" };
        var group = new Option<string?>("--group") { Description = "Only calls of this group", HelpName = "ID" };
        var last = new Option<int>("--last") { Description = "How many, the latest ones", DefaultValueFactory = _ => DefaultCount, HelpName = "N" };
        var json = new Option<bool>("--json") { Description = "As JSON, with whole ids" };
        last.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
            {
                result.AddError("--last is a number from 1");
            }
        });
        var command = new Command("calls", "List calls of the journal with time, group and participants, the latest first.") { user, group, last, json };
        source.SetAction(
            command,
            async (parsed, journal, screen, cancellationToken) =>
            {
                var filter = new CallFilter { User = Identity(parsed.GetValue(user)), Group = Identity(parsed.GetValue(group)) };
                var calls = await new CallStoryReader(journal).LatestAsync(filter, parsed.GetValue(last), cancellationToken);
                if (parsed.GetValue(json))
                {
                    screen.Json(JsonSerializer.SerializeToElement(calls.Select(CallOutlineModel.Of), ApiJson.Options));
                    return;
                }

                screen.Table(["CALL", "STARTED (UTC)", "LASTED", "GROUP", "BY", "PARTICIPANTS", "ENDED BY"], calls.Select(Row));
            });
        return command.WithExamples("mcptt audit calls", "mcptt audit calls --group sip:brigade@example.org --last 10", "mcptt audit calls --user sip:alice@example.org --json");
    }

    private static string Identity(string? written) => string.IsNullOrEmpty(written) ? "" : Documents.Normalise(written);

    private static IReadOnlyList<string> Row(CallStory story)
    {
        var users = story.Legs.Where(leg => leg.JoinedUs is not null).Select(leg => leg.User).Distinct(StringComparer.Ordinal).ToList();
        var named = string.Join(", ", users.Take(NamedUsers)) + (users.Count > NamedUsers ? $" and {users.Count - NamedUsers} more" : "");
        return
        [
            story.Call.Length > ShortId ? story.Call[..ShortId] : story.Call,
            $"{StoryClock.Day(story.StartedUs)} {StoryClock.Second(story.StartedUs)}",
            story.EndedUs is { } ended ? StoryClock.Length(ended - story.StartedUs) : "not over",
            story.Group,
            story.Originator,
            users.Count == 0 ? "nobody" : named,
            story.EndReason,
        ];
    }
}
