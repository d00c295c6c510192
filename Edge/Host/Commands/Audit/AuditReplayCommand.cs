using System.CommandLine;
using System.Text.Json;
using Mcptt.Api.Audit;
using Mcptt.Api.Json;
using Mcptt.Domain.Audit;
using Mcptt.Domain.Ports;

namespace Mcptt.Host.Commands.Audit;

/// <summary>mcptt audit replay</summary>
internal static class AuditReplayCommand
{
    private const string Json = "json";

    public static Command Create(AuditSource source)
    {
        var who = Argument();
        var at = new Option<string?>("--at") { Description = "The moment: 2026-11-21T14:03:07Z, 14:03 (today, UTC) or -2h [default: the end]", HelpName = "TIME" };
        var sequence = new Option<long?>("--sequence") { Description = "After the event with this sequence number, instead of a time", HelpName = "NUMBER" };
        var step = new Option<bool>("--step") { Description = "Go through event by event and tell what each changed; on a terminal by keys" };
        var format = Format();
        var command = new Command("replay", "Show a user, a group, a call or a floor as it was at a moment, made by the code that made it then.") { who, at, sequence, step, format };
        source.SetReaderAction(
            command,
            async (parsed, reader, screen, cancellationToken) =>
            {
                var point = new ReplayPoint(AuditFilters.Time(parsed.GetValue(at), at.Name, source.Context.Time.GetUtcNow()), parsed.GetValue(sequence));
                if (point is { At: not null, SequenceNumber: not null })
                {
                    throw new UsageException($"{at.Name} and {sequence.Name} name two moments; give one of them");
                }

                var actors = await FindAsync(reader, parsed.GetValue(who), cancellationToken);
                if (point.SequenceNumber is not null || parsed.GetValue(step))
                {
                    actors = [One(actors)];
                }

                if (parsed.GetValue(step))
                {
                    await new AuditStepper(source.Context, reader, actors[0]).RunAsync(parsed.GetValue(format) == Json, point.SequenceNumber, cancellationToken);
                    return;
                }

                var states = await ReplayAsync(reader, actors, point, cancellationToken);
                if (parsed.GetValue(format) == Json)
                {
                    screen.Json(JsonSerializer.SerializeToElement(states.Select(AuditMapping.ToModel), ApiJson.Options));
                    return;
                }

                foreach (var state in states)
                {
                    screen.Line(AuditText.Heading(state));
                    foreach (var line in AuditText.State(StateTree.Of(state.State).Nodes))
                    {
                        screen.Line(line);
                    }
                }
            });
        return command.WithExamples(
            "mcptt audit replay 3f2a9c0d1e2b3a4c5d6e7f80 --at 14:03:07          a call and its floor",
            "mcptt audit replay sip:alice@example.org --at -1d --format json",
            "mcptt audit replay floor-3f2a9c0d1e2b3a4c5d6e7f80 --sequence 12",
            "mcptt audit replay floor-3f2a9c0d1e2b3a4c5d6e7f80 --step");
    }

    public static Argument<string> Argument() =>
        new("ACTOR") { Description = "A call id (the call and its floor), an MCPTT ID, a group identity, or an actor such as floor-3f2a9c0d1e2b3a4c5d6e7f80" };

    public static Option<string> Format()
    {
        var format = new Option<string>("--format") { Description = "text or json", HelpName = "FORMAT", DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong("text", Json);
        return format;
    }

    public static async Task<IReadOnlyList<string>> FindAsync(IAuditReader reader, string? written, CancellationToken cancellationToken)
    {
        var meant = Api.Models.Identities.TryNormalise(written ?? "", out var identity) ? identity : written ?? "";
        return await reader.FindActorsAsync(meant, cancellationToken) is { Count: > 0 } actors
            ? actors
            : throw new FailedException($"\"{written}\" has no history in this journal; \"mcptt audit log\" shows who has");
    }

    public static async Task<IReadOnlyList<ReplayedState>> ReplayAsync(IAuditReader reader, IReadOnlyList<string> actors, ReplayPoint point, CancellationToken cancellationToken)
    {
        var states = new List<ReplayedState>(actors.Count);
        foreach (var actor in actors)
        {
            states.Add(await reader.ReplayAsync(actor, point, cancellationToken) ?? throw new FailedException($"{actor} has no history in this journal"));
        }

        return states;
    }

    private static string One(IReadOnlyList<string> actors) =>
        actors is [var one] ? one : throw new UsageException($"that is {string.Join(" and ", actors)}, which count their events apart; name one of them");
}
