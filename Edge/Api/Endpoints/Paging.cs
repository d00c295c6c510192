using Mcptt.Api.Models;
using Mcptt.Domain.Ports;
using Mcptt.Protocol.Messages;
using Microsoft.AspNetCore.Http;

namespace Mcptt.Api.Endpoints;

/// <summary>Lists of actors: ids from the catalogue, each asked for its view. Those that no longer are anything are passed over.</summary>
internal sealed class Paging(IActorCatalog catalog)
{
    public const int DefaultLimit = 100;
    public const int MaxLimit = 1000;

    // Views of a page are asked for side by side; more at once would crowd out the calls.
    private const int Parallel = 8;

    // A request looks at no more than this many ids, however many of them are gone; "next" leads on.
    private const int MaxLooked = 4 * MaxLimit;

    public async Task<IResult> ListAsync<T>(
        ActorKindName kind,
        ActorScope scope,
        string? after,
        int? limit,
        Func<string, ValueTask<Viewed<T>>> view,
        CancellationToken cancellationToken
    )
    {
        var wanted = limit ?? DefaultLimit;
        if (wanted is < 1 or > MaxLimit)
        {
            return Problems.Parameter("limit", $"is {wanted}", $"write 1 to {MaxLimit}");
        }

        try
        {
            return await CollectAsync(kind, scope, after ?? "", wanted, view, cancellationToken);
        }
        catch (DirectoryUnavailableException exception)
        {
            return Problems.Of(StatusCodes.Status503ServiceUnavailable, "catalogue", "The list cannot be read now", exception.Message);
        }
    }

    private async Task<IResult> CollectAsync<T>(
        ActorKindName kind,
        ActorScope scope,
        string after,
        int wanted,
        Func<string, ValueTask<Viewed<T>>> view,
        CancellationToken cancellationToken
    )
    {
        var items = new List<T>(wanted);
        var last = after;
        for (var looked = 0; looked < MaxLooked && items.Count < wanted;)
        {
            var ask = wanted - items.Count;
            var ids = await catalog.ListAsync(kind, scope, last, ask, cancellationToken);
            foreach (var chunk in ids.Chunk(Parallel))
            {
                foreach (var one in await Task.WhenAll(chunk.Select(id => view(id).AsTask())))
                {
                    if (one.Problem is not null)
                    {
                        return one.Problem;
                    }

                    if (one.Item is not null)
                    {
                        items.Add(one.Item);
                    }
                }
            }

            if (ids.Count < ask)
            {
                return Page(items, null);
            }

            last = ids[^1];
            looked += ids.Count;
        }

        var more = await catalog.ListAsync(kind, scope, last, 1, cancellationToken);
        return Page(items, more.Count > 0 ? last : null);
    }

    private static IResult Page<T>(List<T> items, string? next) =>
        Results.Json(new PageModel<T> { Items = items, Next = next }, Json.ApiJson.Options);
}

/// <summary>An item, nothing (it is gone), or the reason why it cannot be told.</summary>
internal readonly record struct Viewed<T>(T? Item, IResult? Problem)
{
    public static Viewed<T> Gone => default;
}
