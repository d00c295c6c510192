using System.CommandLine;

namespace Mcptt.Host.Commands.Audit;

/// <summary>mcptt audit log</summary>
internal static class AuditLogCommand
{
    public static Command Create(AuditSource source)
    {
        var format = new Option<string>("--format") { Description = "table, ndjson or csv", HelpName = "FORMAT", DefaultValueFactory = _ => AuditLogPrinter.Table };
        format.AcceptOnlyFromAmong(AuditLogPrinter.Table, AuditLogPrinter.Ndjson, AuditLogPrinter.Csv);
        var limit = new Option<int?>("--limit") { Description = "At most so many, the earliest ones", HelpName = "NUMBER" };
        var follow = new Option<bool>("--follow") { Description = "Go on with what happens from now on, until it is interrupted; without --from only that" };
        var command = new Command("log", "List events: what happened, to whom, in which call, by which clause. Times are UTC.");
        var filters = AuditFilters.AddTo(command);
        command.Options.Add(format);
        command.Options.Add(limit);
        command.Options.Add(follow);
        source.SetReaderAction(
            command,
            async (parsed, reader, screen, cancellationToken) =>
            {
                var now = source.Context.Time.GetUtcNow();
                var query = filters.Read(parsed, now);
                var most = parsed.GetValue(limit);
                if (most is < 1)
                {
                    throw new UsageException($"{limit.Name} {most} is not possible; write 1 or more");
                }

                var follows = parsed.GetValue(follow);
                var printer = new AuditLogPrinter(source.Context, parsed.GetValue(format) ?? AuditLogPrinter.Table, follows);
                var entries = follows ? reader.FollowAsync(query.From is null ? query with { From = now } : query, cancellationToken) : reader.ReadAsync(query, cancellationToken);
                try
                {
                    await foreach (var entry in entries.Take(most ?? int.MaxValue).WithCancellation(cancellationToken))
                    {
                        printer.Print(entry);
                    }
                }
                finally
                {
                    printer.End();
                }
            });
        return command.WithExamples(
            "mcptt audit log --from 14:00 --to 14:10 --group sip:brigade@example.org",
            "mcptt audit log --user sip:alice@example.org --kind floor-denied --kind call-invite-refused",
            "mcptt audit log --call 3f2a9c0d1e2b3a4c5d6e7f80 --format csv > call.csv",
            "mcptt audit log --from -2h --kind floor --format ndjson",
            "mcptt audit log --follow --kind floor,call");
    }
}
