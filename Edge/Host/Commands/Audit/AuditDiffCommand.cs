using System.CommandLine;
using System.Text.Json;
using Mcptt.Api.Audit;
using Mcptt.Api.Json;
using Mcptt.Domain.Audit;

namespace Mcptt.Host.Commands.Audit;

/// <summary>mcptt audit diff</summary>
internal static class AuditDiffCommand
{
    public static Command Create(AuditSource source)
    {
        var who = AuditReplayCommand.Argument();
        var from = new Option<string>("--from") { Description = "The earlier moment: 2026-11-21T14:03:07Z, 14:03 (today, UTC) or -2h", HelpName = "TIME", Required = true };
        var to = new Option<string?>("--to") { Description = "The later moment, written likewise [default: the end]", HelpName = "TIME" };
        var format = AuditReplayCommand.Format();
        var command = new Command("diff", "Tell what became different in a user, a group, a call or a floor between two moments.") { who, from, to, format };
        source.SetReaderAction(
            command,
            async (parsed, reader, screen, cancellationToken) =>
            {
                var now = source.Context.Time.GetUtcNow();
                var early = AuditFilters.Time(parsed.GetValue(from), from.Name, now);
                var late = AuditFilters.Time(parsed.GetValue(to), to.Name, now);
                if (early > late)
                {
                    throw new UsageException($"{from.Name} is later than {to.Name}");
                }

                var actors = await AuditReplayCommand.FindAsync(reader, parsed.GetValue(who), cancellationToken);
                var before = await AuditReplayCommand.ReplayAsync(reader, actors, new ReplayPoint(early), cancellationToken);
                var after = await AuditReplayCommand.ReplayAsync(reader, actors, new ReplayPoint(late), cancellationToken);
                if (parsed.GetValue(format) == "json")
                {
                    screen.Json(JsonSerializer.SerializeToElement(before.Zip(after, AuditMapping.ToModel), ApiJson.Options));
                    return;
                }

                foreach (var (then, later) in before.Zip(after))
                {
                    Print(screen, then, later);
                }
            });
        return command.WithExamples(
            "mcptt audit diff 3f2a9c0d1e2b3a4c5d6e7f80 --from 14:03:07 --to 14:03:12",
            "mcptt audit diff sip:brigade@example.org --from -7d --format json");
    }

    private static void Print(Screen screen, ReplayedState then, ReplayedState later)
    {
        var changes = StateDiff.Between(then.State, later.State);
        screen.Line($"{later.PersistenceId}, from event {then.SequenceNumber} to event {later.SequenceNumber}{(changes.Count == 0 ? ": nothing is different." : "")}");
        foreach (var change in changes)
        {
            screen.Line(AuditText.Change(change));
        }
    }
}
