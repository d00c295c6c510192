using Mcptt.Api.Json;
using Mcptt.Api.Models;
using Mcptt.Domain.Audit.Stories;
using Mcptt.Domain.Audit.Timelines;
using Mcptt.Domain.Ports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Mcptt.Api.Endpoints;

/// <summary>Calls of the journal as lists, stories and pictures, under the same guard as the rest of /v1/audit.</summary>
internal sealed class CallStoryEndpoints(ICallStories stories, Func<HttpContext, Func<Task<IResult>>, Task<IResult>> guard)
{
    private const string SvgType = "image/svg+xml";
    private const string HtmlType = "text/html";

    // A picture that is opened by itself needs its style and nothing else.
    private const string SvgPolicy = "default-src 'none'; style-src 'unsafe-inline'";

    public void Map(RouteGroupBuilder root)
    {
        var calls = root.MapGroup("/audit/calls").WithTags("audit");
        calls
            .MapGet("/", (HttpContext http, string? user, string? group, int? limit) => guard(http, () => ListAsync(http, user, group, limit)))
            .WithName("auditCalls")
            .WithSummary("The latest calls of the journal, the last one first")
            .Produces<PageModel<CallOutlineModel>>()
            .Produces<ProblemModel>(400, Problems.ContentType);
        calls
            .MapGet("/{id}/story", (HttpContext http, string id, string? at) => guard(http, () => StoryAsync(http, id, at)))
            .WithName("auditCallStory")
            .WithSummary("A call from beginning to end; with \"at\" who could hear whom, who waited and who was refused at that time")
            .Produces<StoryModel>()
            .Produces<ProblemModel>(404, Problems.ContentType);
        calls
            .MapGet("/{id}/timeline", (HttpContext http, string id, string? format) => guard(http, () => TimelineAsync(http, id, format)))
            .WithName("auditCallTimeline")
            .WithSummary("A call as a picture (format=svg) or as a page that can be zoomed (format=html)")
            .Produces(200, contentType: SvgType)
            .Produces<ProblemModel>(404, Problems.ContentType);
    }

    private async Task<IResult> ListAsync(HttpContext http, string? user, string? group, int? limit)
    {
        if (limit is < 1 or > Paging.MaxLimit)
        {
            return Problems.Parameter("limit", $"is {limit}", $"write 1 to {Paging.MaxLimit}");
        }

        if (!TryIdentity(user, out var mcpttId))
        {
            return Problems.Parameter("user", $"\"{user}\" is no identity", Identities.Fix);
        }

        if (!TryIdentity(group, out var groupId))
        {
            return Problems.Parameter("group", $"\"{group}\" is no identity", Identities.Fix);
        }

        var latest = await stories.LatestAsync(new CallFilter { User = mcpttId, Group = groupId }, limit ?? Paging.DefaultLimit, http.RequestAborted);
        return Results.Json(new PageModel<CallOutlineModel> { Items = [.. latest.Select(CallOutlineModel.Of)] }, ApiJson.Options);
    }

    private async Task<IResult> StoryAsync(HttpContext http, string id, string? at)
    {
        if (await stories.TellAsync(id, http.RequestAborted) is not { } story)
        {
            return Unknown(id);
        }

        if (at is null)
        {
            return Results.Json(StoryModel.Of(story), ApiJson.Options);
        }

        return StoryTime.TryRead(at, story, out var asked, out var fault)
            ? Results.Json(InstantModel.Of(story, StoryInstant.Of(story, asked)), ApiJson.Options)
            : Problems.Parameter("at", $"is \"{at}\"", fault);
    }

    private async Task<IResult> TimelineAsync(HttpContext http, string id, string? format)
    {
        if (format is not (null or "svg" or "html"))
        {
            return Problems.Parameter("format", $"\"{format}\" is no form", "write svg or html");
        }

        if (await stories.TellAsync(id, http.RequestAborted) is not { } story)
        {
            return Unknown(id);
        }

        http.Response.Headers.XContentTypeOptions = "nosniff";
        if (format == "html")
        {
            return Results.Text(TimelinePage.Html(story), $"{HtmlType}; charset=utf-8");
        }

        http.Response.Headers.ContentSecurityPolicy = SvgPolicy;
        return Results.Text(TimelinePicture.Svg(story), $"{SvgType}; charset=utf-8");
    }

    private static bool TryIdentity(string? written, out string identity)
    {
        identity = "";
        return string.IsNullOrEmpty(written) || Identities.TryNormalise(written, out identity);
    }

    private static IResult Unknown(string id) => Problems.NotFound("call-unknown", $"there is no call \"{id}\" in the journal");
}
