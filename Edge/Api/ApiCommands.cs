using System.Security.Cryptography;
using Mcptt.Domain;
using Mcptt.Domain.Ports;
using Mcptt.Domain.Telemetry;
using Mcptt.Protocol.Messages;
using Microsoft.AspNetCore.Http;

namespace Mcptt.Api;

/// <summary>
/// Makes commands of HTTP requests. The command id comes from the header Idempotency-Key where the client gives one, so that
/// its retry after a lost answer is the same command; else every request is its own cause.
/// </summary>
internal sealed class ApiCommands(ICommandSink sink, TimeProvider time, ApiOptions options)
{
    public const string IdempotencyKey = "Idempotency-Key";
    private const int MaxKeyLength = 128;
    private const int IdBytes = 16;
    private const string Operator = "operator";

    public ValueTask<Reply> UeAsync(HttpContext http, string mcpttId, UeCommand body) =>
        SendAsync(http, new Command { To = ActorAddresses.Ue(mcpttId), Ue = body });

    public ValueTask<Reply> GroupAsync(HttpContext http, string groupId, GroupCommand body) =>
        SendAsync(http, new Command { To = ActorAddresses.Group(groupId), Group = body });

    public ValueTask<Reply> CallAsync(HttpContext http, string call, CallCommand body) =>
        SendAsync(http, new Command { To = ActorAddresses.Call(call), Call = body });

    public ValueTask<Reply> FloorAsync(HttpContext http, string call, FloorCommand body) =>
        SendAsync(http, new Command { To = ActorAddresses.Floor(call), Floor = body });

    private async ValueTask<Reply> SendAsync(HttpContext http, Command command)
    {
        command.CommandId = CommandId(http, command);
        command.TimeUs = UnixTime.UsOf(time.GetUtcNow());
        command.CorrelationId = command.CommandId;
        command.OnBehalfOf = Operator;
        command.TraceParent = Traces.Current;
        using var deadline = new CancellationTokenSource(options.CommandDeadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, deadline.Token);
        return await sink.SendAsync(command, either.Token);
    }

    // One request may send several commands (a query before a change), so the addressee and the kind of order are part of the id.
    private static string CommandId(HttpContext http, Command command)
    {
        var key = http.Request.Headers[IdempotencyKey].ToString();
        var cause = key.Length is > 0 and <= MaxKeyLength ? key : RandomNumberGenerator.GetHexString(IdBytes * 2, lowercase: true);
        return $"api:{CommandNames.Of(command)}:{command.To.PersistenceId()}:{cause}";
    }
}
