using System.CommandLine;
using System.Text.Json;
using Mcptt.Api.Models;

namespace Mcptt.Host.Commands;

/// <summary>mcptt events</summary>
internal static class EventsCommand
{
    private const string Table = "table";
    private const string Ndjson = "ndjson";
    private const int KindWidth = 22;

    private static readonly TimeSpan RetryFirst = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan RetryMax = TimeSpan.FromSeconds(5);

    public static Command Create(CommandContext context)
    {
        var command = new Command("events", "Follow what happens: calls, who talks, registrations, nodes and shards, until it is interrupted. Times are UTC.");
        var api = ApiCommandOptions.AddTo(command, context);
        var kind = new Option<string[]>("--kind") { Description = "Only this kind, or those that begin so; may be repeated (default: the usual ones)", HelpName = "KIND" };
        var after = new Option<long?>("--after") { Description = "Begin after this place in the journal instead of now", HelpName = "ORDERING" };
        var limit = new Option<int?>("--limit") { Description = "End after so many", HelpName = "NUMBER" };
        var format = new Option<string>("--format") { Description = "table or ndjson", HelpName = "FORMAT", DefaultValueFactory = _ => Table };
        format.AcceptOnlyFromAmong(Table, Ndjson);
        command.Options.Add(kind);
        command.Options.Add(after);
        command.Options.Add(limit);
        command.Options.Add(format);
        api.SetAction(
            command,
            async (parsed, client, _, cancellationToken) =>
            {
                var path = $"v1/events?{string.Join('&', (parsed.GetValue(kind) ?? []).Select(one => $"kind={Uri.EscapeDataString(one)}"))}";
                var asJson = api.WantsJson(parsed) || parsed.GetValue(format) == Ndjson;
                await FollowAsync(client, path, parsed.GetValue(after)?.ToString() ?? "", parsed.GetValue(limit) ?? int.MaxValue, text => Print(context, text, asJson), context, cancellationToken);
            }
        );
        return command.WithExamples("mcptt events", "mcptt events --kind floor --kind call", "mcptt events --kind node,shard", "mcptt events --format ndjson | jq .user");
    }

    // A stream that breaks is opened again after the last event that came; what happened meanwhile comes then.
    private static async Task FollowAsync(
        ApiClient client, string path, string last, int limit, Action<string> print, CommandContext context, CancellationToken cancellationToken)
    {
        var wait = RetryFirst;
        var hasBegun = false;
        while (true)
        {
            try
            {
                await foreach (var happened in client.FollowAsync(path, last, cancellationToken))
                {
                    (hasBegun, wait) = (true, RetryFirst);
                    last = happened.EventId is { Length: > 0 } id ? id : last;
                    print(happened.Data);
                    if (--limit == 0)
                    {
                        return;
                    }
                }

                hasBegun = true;
            }
            catch (Exception failure) when (failure is HttpIOException or IOException || (hasBegun && failure is ApiUnreachableException))
            {
                hasBegun = true;
                await context.Error.WriteLineAsync($"mcptt: the stream broke and is opened again: {failure.Message}");
            }

            await Task.Delay(wait, context.Time, cancellationToken);
            wait = wait * 2 < RetryMax ? wait * 2 : RetryMax;
        }
    }

    private static void Print(CommandContext context, string data, bool asJson)
    {
        if (asJson)
        {
            context.Out.WriteLine(data);
            return;
        }

        using var document = JsonDocument.Parse(data);
        var happened = Documents.Model<ServerEventModel>(document.RootElement);
        context.Out.WriteLine($"{happened.Time.UtcDateTime:HH:mm:ss.fff}  {happened.Kind,-KindWidth}  {happened.Sentence}{(happened.Call is { } call ? $"  [{call}]" : "")}");
    }
}
