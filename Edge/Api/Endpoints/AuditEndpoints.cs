using System.Globalization;
using System.Text.Json;
using Mcptt.Api.Audit;
using Mcptt.Api.Json;
using Mcptt.Api.Models;
using Mcptt.Domain.Audit;
using Mcptt.Domain.Ports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Mcptt.Api.Endpoints;

/// <summary>History, for who has the role "auditor". Every access is logged with who it was.</summary>
internal sealed class AuditEndpoints(IAuditReader audit, ApiOptions options, TimeProvider time, ILogger<AuditEndpoints> logger)
{
    private const string Seconds = "5";

    private int _readings;

    public void Map(RouteGroupBuilder root)
    {
        var routes = root.MapGroup("/audit").WithTags("audit");
        routes
            .MapGet(
                "/log",
                (HttpContext http, string? from, string? to, string? user, string? group, string? call, string? actor, string[]? kind, string? after, int? limit) =>
                    GuardAsync(http, () => LogAsync(http, limit)))
            .WithName("auditLog")
            .WithSummary("Events with the filters of \"mcptt audit log\": a page as JSON, or all of them as NDJSON or CSV")
            .Produces<PageModel<AuditEntryModel>>(200, AuditFormats.JsonType, AuditFormats.NdjsonType, AuditCsv.MediaType)
            .Produces<ProblemModel>(400, Problems.ContentType);
        routes
            .MapGet("/actors/{id}/replay", (HttpContext http, string id, string? at, long? sequence) => GuardAsync(http, () => ReplayAsync(http, id, sequence)))
            .WithName("auditReplay")
            .WithSummary("A user, a group, a call or a floor as it was at a moment or after an event")
            .Produces<ActorsModel<ReplayModel>>()
            .Produces<ProblemModel>(404, Problems.ContentType);
        routes
            .MapGet("/actors/{id}/diff", (HttpContext http, string id, string from, string? to) => GuardAsync(http, () => DiffAsync(http, id)))
            .WithName("auditDiff")
            .WithSummary("What became different between two moments")
            .Produces<ActorsModel<StateDiffModel>>()
            .Produces<ProblemModel>(404, Problems.ContentType);
    }

    /// <summary>Logs who reads, bounds how many do at once, and tells what went wrong with the journal.</summary>
    public async Task<IResult> GuardAsync(HttpContext http, Func<Task<IResult>> answer)
    {
        logger.LogInformation("Audit access by {Who} at {Remote}: {Path}{Query}", http.User.Identity?.Name, http.Connection.RemoteIpAddress, http.Request.Path, http.Request.QueryString);
        if (Interlocked.Increment(ref _readings) > options.MaxAuditReadings)
        {
            Interlocked.Decrement(ref _readings);
            http.Response.Headers.RetryAfter = Seconds;
            return Problems.Of(StatusCodes.Status503ServiceUnavailable, "audit-busy", "Too many are reading the journal", $"at most {options.MaxAuditReadings} at once; try again");
        }

        try
        {
            return await answer();
        }
        catch (AuditUnavailableException failure) when (!http.Response.HasStarted)
        {
            return failure.IsBroken
                ? Problems.Of(StatusCodes.Status409Conflict, "history-broken", "This history cannot be replayed", failure.Message)
                : Problems.Of(StatusCodes.Status503ServiceUnavailable, "journal", "The journal cannot be read now", failure.Message);
        }
        catch (AuditUnavailableException failure)
        {
            // A part was sent already: only a broken connection tells that it is not the whole.
            logger.LogWarning("An audit answer broke off: {Reason}", failure.Message);
            http.Abort();
            return Results.Empty;
        }
        finally
        {
            Interlocked.Decrement(ref _readings);
        }
    }

    private async Task<IResult> LogAsync(HttpContext http, int? limit)
    {
        if (AuditFormats.Wanted(http.Request) is not { } format)
        {
            return Problems.Of(StatusCodes.Status406NotAcceptable, "not-acceptable", "There is no such form", $"accept {AuditFormats.JsonType}, {AuditFormats.NdjsonType} or {AuditCsv.MediaType}");
        }

        if (!AuditParameters.TryRead(http.Request.Query, time.GetUtcNow(), out var query, out var problem))
        {
            return problem;
        }

        if (limit is < 1 || (format == AuditFormat.Json && limit is > Paging.MaxLimit))
        {
            return Problems.Parameter("limit", $"is {limit}", format == AuditFormat.Json ? $"write 1 to {Paging.MaxLimit}" : "write 1 or more");
        }

        http.Response.Headers.Vary = "Accept";
        return format == AuditFormat.Json ? await PageAsync(query, limit ?? Paging.DefaultLimit, http.RequestAborted) : await StreamAsync(http, query, format, limit ?? int.MaxValue);
    }

    private async Task<IResult> PageAsync(AuditQuery query, int limit, CancellationToken cancellationToken)
    {
        var items = new List<AuditEntryModel>(limit);
        await foreach (var entry in audit.ReadAsync(query, cancellationToken))
        {
            if (items.Count == limit)
            {
                return Results.Json(new PageModel<AuditEntryModel> { Items = items, Next = items[^1].Ordering.ToString(CultureInfo.InvariantCulture) }, ApiJson.Options);
            }

            items.Add(AuditMapping.ToModel(entry));
        }

        return Results.Json(new PageModel<AuditEntryModel> { Items = items }, ApiJson.Options);
    }

    // The client's pace is the journal's: nothing is read before what was written is taken.
    private async Task<IResult> StreamAsync(HttpContext http, AuditQuery query, AuditFormat format, int limit)
    {
        await using var entries = audit.ReadAsync(query, http.RequestAborted).Take(limit).GetAsyncEnumerator(http.RequestAborted);

        // Before the answer begins, so that a journal that cannot be read is a problem document.
        var any = await entries.MoveNextAsync();
        http.Response.ContentType = format == AuditFormat.Csv ? $"{AuditCsv.MediaType}; charset=utf-8; header=present" : AuditFormats.NdjsonType;
        if (format == AuditFormat.Csv)
        {
            await http.Response.WriteAsync(AuditCsv.Header, http.RequestAborted);
        }

        for (; any; any = await entries.MoveNextAsync())
        {
            var line = format == AuditFormat.Csv ? AuditCsv.Line(entries.Current) : JsonSerializer.Serialize(AuditMapping.ToModel(entries.Current), ApiJson.Options) + "\n";
            await http.Response.WriteAsync(line, http.RequestAborted);
        }

        return Results.Empty;
    }

    private async Task<IResult> ReplayAsync(HttpContext http, string id, long? sequence)
    {
        if (!AuditParameters.TryTime(http.Request.Query, "at", time.GetUtcNow(), out var at, out var problem))
        {
            return problem;
        }

        if (at is not null && sequence is not null)
        {
            return Problems.Parameter("sequence", "stands beside \"at\"", "name one moment");
        }

        var states = await StatesAsync(id, new ReplayPoint(at, sequence), http.RequestAborted);
        return states.Count == 0 ? Unknown(id) : Results.Json(new ActorsModel<ReplayModel> { Actors = [.. states.Select(AuditMapping.ToModel)] }, ApiJson.Options);
    }

    private async Task<IResult> DiffAsync(HttpContext http, string id)
    {
        var now = time.GetUtcNow();
        if (!AuditParameters.TryTime(http.Request.Query, "from", now, out var from, out var problem) || !AuditParameters.TryTime(http.Request.Query, "to", now, out var to, out problem))
        {
            return problem;
        }

        if (from > to)
        {
            return Problems.Parameter("from", "is later than \"to\"", "name the earlier moment first");
        }

        var before = await StatesAsync(id, new ReplayPoint(from), http.RequestAborted);
        var after = await StatesAsync(id, new ReplayPoint(to), http.RequestAborted);
        return before.Count == 0 ? Unknown(id) : Results.Json(new ActorsModel<StateDiffModel> { Actors = [.. before.Zip(after, AuditMapping.ToModel)] }, ApiJson.Options);
    }

    private async Task<IReadOnlyList<ReplayedState>> StatesAsync(string id, ReplayPoint point, CancellationToken cancellationToken)
    {
        var states = new List<ReplayedState>();
        var meant = Identities.TryNormalise(id, out var identity) ? identity : id;
        foreach (var actor in await audit.FindActorsAsync(meant, cancellationToken))
        {
            if (await audit.ReplayAsync(actor, point, cancellationToken) is { } state)
            {
                states.Add(state);
            }
        }

        return states;
    }

    private static IResult Unknown(string id) => Problems.NotFound("no-history", $"\"{id}\" has no history in this journal");
}
