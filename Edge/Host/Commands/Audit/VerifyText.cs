using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mcptt.Actors.Audit;
using Mcptt.Api.Json;

namespace Mcptt.Host.Commands.Audit;

/// <summary>What a verification found, for people and for programs.</summary>
internal static class VerifyText
{
    public static IEnumerable<string> Lines(VerifyReport report, VerifyOptions options)
    {
        yield return Invariant($"{report.Rows:N0} events of {report.Chains:N0} chains, up to ordering {report.LastOrdering:N0}; {Seals(report)}");
        foreach (var finding in report.Findings)
        {
            yield return "";
            yield return $"{Words(finding.Kind)}: {Place(finding)}";
            yield return $"  {AuditText.OneLine(finding.Text)}";
        }

        if (report.FindingCount > report.Findings.Count)
        {
            yield return "";
            yield return Invariant($"and {report.FindingCount - report.Findings.Count:N0} more");
        }

        yield return "";
        foreach (var line in Limits(report, options))
        {
            yield return line;
        }

        if (report.IsClean)
        {
            yield return "Nothing was changed.";
        }
    }

    public static JsonElement Json(VerifyReport report)
    {
        var document = new JsonObject
        {
            ["clean"] = report.IsClean,
            ["events"] = report.Rows,
            ["chains"] = report.Chains,
            ["lastOrdering"] = report.LastOrdering,
            ["seals"] = report.Seals,
            ["sealedEvents"] = report.SealedRows,
            ["eventsAfterLastSeal"] = report.RowsAfterLastSeal,
            ["lastSeal"] = report.LastSeal,
            ["lastSealTime"] = Time(report.LastSealTime),
            ["signatures"] = Camel(report.Signatures.ToString()),
            ["passes"] = report.Passes,
            ["findingCount"] = report.FindingCount,
            ["findings"] = new JsonArray([.. report.Findings.Select(Json)]),
            ["notes"] = new JsonArray([.. report.Notes.Select(note => (JsonNode)note)]),
        };
        return JsonSerializer.SerializeToElement(document, ApiJson.Options);
    }

    private static JsonObject Json(Finding finding) =>
        new()
        {
            ["kind"] = Camel(finding.Kind.ToString()),
            ["persistenceId"] = finding.PersistenceId,
            ["sequenceNumber"] = finding.SequenceNumber,
            ["ordering"] = finding.Ordering,
            ["stored"] = Time(finding.Stored),
            ["afterSeal"] = finding.Between.After,
            ["afterSealTime"] = Time(finding.Between.AfterTime),
            ["beforeSeal"] = finding.Between.Before,
            ["beforeSealTime"] = Time(finding.Between.BeforeTime),
            ["text"] = finding.Text,
        };

    private static string Seals(VerifyReport report) =>
        report.Seals == 0 ? "no seals" : Invariant($"{report.Seals:N0} seals, the last one is {report.LastSeal} of {AuditText.Time(report.LastSealTime ?? default)}");

    // What this result does not say must stand beside it.
    private static IEnumerable<string> Limits(VerifyReport report, VerifyOptions options)
    {
        if (report.Signatures == SignatureCheck.NoSeals)
        {
            yield return "No seals: only chains were checked. Whoever can write to the database can have written all of it anew.";
        }
        else if (report.Signatures == SignatureCheck.NoKey)
        {
            yield return "SIGNATURES WERE NOT CHECKED: name the public key with --key. Whoever can write to the database can have made these seals.";
        }

        // The last seal is a row after itself, and proven by its signature.
        if (report.Seals > 0 && report.RowsAfterLastSeal > 1)
        {
            yield return Invariant($"Events after the last seal, {report.RowsAfterLastSeal - 1:N0}, are proven by their chains only, until the next one.");
        }

        if (report.Seals > 0 && options.ReceiptsPath.Length == 0)
        {
            yield return "Without --receipts it is not known whether later seals were cut off with their events.";
        }

        foreach (var note in report.Notes)
        {
            yield return $"{char.ToUpperInvariant(note[0])}{note[1..]}.";
        }
    }

    private static string Place(Finding finding)
    {
        List<string> parts =
        [
            finding.PersistenceId,
            finding.SequenceNumber == 0 ? "" : Invariant($"event {finding.SequenceNumber}"),
            finding.Ordering == 0 ? "" : Invariant($"ordering {finding.Ordering}"),
            finding.Stored is { } stored ? $"stored {AuditText.Time(stored)}" : "",
            Between(finding.Between),
        ];
        return AuditText.OneLine(string.Join(", ", parts.Where(part => part.Length > 0)));
    }

    private static string Between(SealInterval between) =>
        (between.After, between.Before) switch
        {
            (0, 0) => "",
            (0, var before) => Invariant($"before seal {before} ({AuditText.Time(between.BeforeTime ?? default)})"),
            (var after, 0) => Invariant($"after seal {after} ({AuditText.Time(between.AfterTime ?? default)})"),
            var (after, before) => Invariant($"between seals {after} ({AuditText.Time(between.AfterTime ?? default)}) and {before} ({AuditText.Time(between.BeforeTime ?? default)})"),
        };

    private static string Words(FindingKind kind) =>
        kind switch
        {
            FindingKind.ChangedEvent => "changed event",
            FindingKind.RemovedEvent => "removed event",
            FindingKind.InsertedEvent => "inserted event",
            FindingKind.SwappedOrder => "order changed",
            FindingKind.BrokenCommand => "broken command",
            FindingKind.CutOff => "end cut off",
            FindingKind.Column => "changed column",
            FindingKind.Tag => "changed tag",
            FindingKind.ChangedSeal => "changed seal",
            FindingKind.RemovedSeal => "removed seal",
            FindingKind.WrongKey => "wrong key",
            FindingKind.Receipt => "receipt",
            _ => kind.ToString(),
        };

    private static string? Time(DateTimeOffset? time) => time is { } known ? AuditText.Time(known) : null;

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
