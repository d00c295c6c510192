using System.CommandLine;
using Mcptt.Domain.Audit;

namespace Mcptt.Host.Commands.Audit;

/// <summary>The options that say which events are wanted.</summary>
internal sealed class AuditFilters
{
    private readonly Option<string?> _from = new("--from") { Description = "Not before: 2026-11-21T14:03:07Z, 14:03 (today, UTC) or -2h", HelpName = "TIME" };
    private readonly Option<string?> _to = new("--to") { Description = "Before this time, written likewise", HelpName = "TIME" };
    private readonly Option<string?> _user = new("--user") { Description = "About this MCPTT ID, with its part in calls", HelpName = "SIP-URI" };
    private readonly Option<string?> _group = new("--group") { Description = "Of this group and its calls", HelpName = "SIP-URI" };
    private readonly Option<string?> _call = new("--call") { Description = "Of this call and its floor", HelpName = "CALL" };
    private readonly Option<string?> _actor = new("--actor") { Description = "Of one actor, for instance floor-3f2a9c0d1e2b3a4c5d6e7f80", HelpName = "ID" };

    private readonly Option<string[]> _kind = new("--kind")
    {
        Description = "Of these kinds, or kinds that begin so: floor-granted, call, floor-den; may be repeated",
        HelpName = "KIND",
        AllowMultipleArgumentsPerToken = false,
    };

    private AuditFilters()
    {
    }

    public static AuditFilters AddTo(Command command)
    {
        var filters = new AuditFilters();
        foreach (var option in (Option[])[filters._from, filters._to, filters._user, filters._group, filters._call, filters._actor, filters._kind])
        {
            command.Options.Add(option);
        }

        return filters;
    }

    /// <summary>Throws <see cref="UsageException"/> with what is wrong and what to write.</summary>
    public AuditQuery Read(ParseResult parsed, DateTimeOffset now)
    {
        if (!KindFilter.TryParse(parsed.GetValue(_kind) ?? [], out var kinds, out var fault))
        {
            throw new UsageException(fault);
        }

        var query = new AuditQuery
        {
            From = Time(parsed.GetValue(_from), _from.Name, now),
            To = Time(parsed.GetValue(_to), _to.Name, now),
            User = Identity(parsed.GetValue(_user)),
            Group = Identity(parsed.GetValue(_group)),
            Call = parsed.GetValue(_call) ?? "",
            Actor = parsed.GetValue(_actor) ?? "",
            Kinds = kinds,
        };
        return query is { From: { } from, To: { } to } && from >= to
            ? throw new UsageException($"{_from.Name} {AuditText.Time(from)} is not before {_to.Name} {AuditText.Time(to)}")
            : query;
    }

    /// <summary>Null: not given.</summary>
    public static DateTimeOffset? Time(string? written, string option, DateTimeOffset now) =>
        written is null ? null
        : AuditTimes.TryParse(written, now, out var moment) ? moment
        : throw new UsageException($"{option} \"{written}\" is no time; {AuditTimes.Fix}");

    private static string Identity(string? written) => written is null ? "" : Documents.Normalise(written);
}
