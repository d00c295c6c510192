using System.Diagnostics.CodeAnalysis;
using Mcptt.Api.Models;
using Mcptt.Domain.Audit;
using Microsoft.AspNetCore.Http;

namespace Mcptt.Api.Audit;

/// <summary>The filters of the log as query parameters; the names and meanings are those of "mcptt audit log".</summary>
internal static class AuditParameters
{
    public static bool TryRead(IQueryCollection given, DateTimeOffset now, [NotNullWhen(true)] out AuditQuery? query, [NotNullWhen(false)] out IResult? problem)
    {
        query = null;
        if (!TryTime(given, "from", now, out var from, out problem)
            || !TryTime(given, "to", now, out var to, out problem)
            || !TryIdentity(given, "user", out var user, out problem)
            || !TryIdentity(given, "group", out var group, out problem))
        {
            return false;
        }

        if (!KindFilter.TryParse(given["kind"].OfType<string>(), out var kinds, out var fault))
        {
            problem = Problems.Parameter("kind", fault, "write one of them, or the beginning of several");
            return false;
        }

        var after = given["after"].ToString();
        if (!long.TryParse(after.Length == 0 ? "0" : after, out var ordering) || ordering < 0)
        {
            problem = Problems.Parameter("after", $"\"{after}\" is no place in the journal", "write the \"next\" of the page before");
            return false;
        }

        query = new AuditQuery { From = from, To = to, User = user, Group = group, Call = given["call"].ToString(), Actor = given["actor"].ToString(), Kinds = kinds, AfterOrdering = ordering };
        return true;
    }

    public static bool TryTime(IQueryCollection given, string name, DateTimeOffset now, out DateTimeOffset? time, [NotNullWhen(false)] out IResult? problem)
    {
        // A "+" of an offset that was not escaped arrives as a blank.
        var written = given[name].ToString().Replace(' ', '+');
        time = null;
        problem = null;
        if (written.Length == 0)
        {
            return true;
        }

        if (AuditTimes.TryParse(written, now, out var moment) || AuditTimes.TryParse(given[name].ToString(), now, out moment))
        {
            time = moment;
            return true;
        }

        problem = Problems.Parameter(name, $"\"{given[name]}\" is no time", AuditTimes.Fix);
        return false;
    }

    private static bool TryIdentity(IQueryCollection given, string name, out string identity, [NotNullWhen(false)] out IResult? problem)
    {
        var written = given[name].ToString();
        problem = null;
        identity = "";
        if (written.Length == 0 || Identities.TryNormalise(written, out identity))
        {
            return true;
        }

        problem = Problems.Parameter(name, $"\"{written}\" is no identity", Identities.Fix);
        return false;
    }
}
