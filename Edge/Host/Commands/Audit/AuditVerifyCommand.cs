using System.CommandLine;
using System.Globalization;
using Mcptt.Actors.Audit;
using Mcptt.Actors.Audit.Archives;
using Mcptt.Actors.Journals;

namespace Mcptt.Host.Commands.Audit;

/// <summary>mcptt audit verify</summary>
internal static class AuditVerifyCommand
{
    public static Command Create(AuditSource source)
    {
        var command = new Command("verify", $"Show that nobody changed the journal, or what was changed and where. Exit code {ExitCodes.Tampered}: something was.");
        var key = new Option<string[]>("--key") { Description = "Public key of the seals (\"mcptt audit keygen\"); repeat it when the key was replaced", HelpName = "PEM" };
        var receipts = new Option<string?>("--receipts") { Description = "Receipts of the seals (audit.sealReceipts), from a place that the database's users cannot write to", HelpName = "FILE" };
        var from = new Option<string?>("--from") { Description = "Begin with the seal that covers this time: 2026-11-21T14:03:07Z, 14:03 (today, UTC) or -2h", HelpName = "TIME" };
        var to = new Option<string?>("--to") { Description = "End with the seal that covers this time", HelpName = "TIME" };
        var chains = new Option<int>("--chains") { Description = "Chains held in memory, about 200 octets each; where there are more, the journal is read again", HelpName = "NUMBER", DefaultValueFactory = _ => new VerifyOptions().ChainLimit };
        var json = new Option<bool>("--json") { Description = "Print JSON" };
        foreach (var option in (Option[])[key, receipts, from, to, chains, json])
        {
            command.Options.Add(option);
        }

        source.SetAction(command, async (parsed, journal, screen, cancellationToken) =>
        {
            var now = source.Context.Time.GetUtcNow();
            var keys = new List<SealPublicKey>();
            try
            {
                keys.AddRange((parsed.GetValue(key) ?? []).Select(SealPublicKey.Load));
                var options = new VerifyOptions
                {
                    Keys = keys,
                    ReceiptsPath = Existing(parsed.GetValue(receipts)),
                    From = AuditFilters.Time(parsed.GetValue(from), from.Name, now),
                    To = AuditFilters.Time(parsed.GetValue(to), to.Name, now),
                    ChainLimit = Math.Max(1, parsed.GetValue(chains)),
                };
                await VerifyAsync(source.Context, journal, options, parsed.GetValue(json), screen, cancellationToken);
            }
            catch (Exception exception) when (exception is SealKeyException or VerifyRefusedException)
            {
                throw new UsageException(exception.Message);
            }
            finally
            {
                keys.ForEach(loaded => loaded.Dispose());
            }
        });
        return command.WithExamples(
            "mcptt audit verify --key seal.pem --receipts /mnt/worm/seals.txt",
            "mcptt audit verify --journal /backup/journal.db --key seal.pem --json",
            "mcptt audit verify --key seal.pem --from 2026-11-21T14:00Z --to 2026-11-21T15:00Z");
    }

    private static async Task VerifyAsync(
        CommandContext context, IJournalReader journal, VerifyOptions options, bool json, Screen screen, CancellationToken cancellationToken)
    {
        var verifier = new JournalVerifier(journal, journal is ArchivedJournal archived ? archived.Evidence : journal as IJournalEvidence, options);
        VerifyReport report;
        try
        {
            report = await VerifyProgressBar.RunAsync(context, progress => verifier.VerifyAsync(progress, cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new FailedException("stopped before the end: nothing is known of the journal");
        }

        if (json)
        {
            screen.Json(VerifyText.Json(report));
        }
        else
        {
            foreach (var line in VerifyText.Lines(report, options))
            {
                screen.Line(line);
            }
        }

        if (!report.IsClean)
        {
            throw new TamperedException(string.Create(CultureInfo.InvariantCulture, $"the journal was changed: {report.FindingCount:N0} findings"));
        }
    }

    private static string Existing(string? path) =>
        path is null ? ""
        : File.Exists(path) ? path
        : throw new UsageException($"{path}: there is no such file (--receipts)");
}
