using Mcptt.Domain.Ports;
using Mcptt.Protocol.Messages;

namespace Mcptt.Media.Tests;

/// <summary>Stands for the actors: keeps what it was sent, in order, and answers as told.</summary>
internal sealed class RecordingSink : ICommandSink
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Lock _gate = new();
    private readonly List<Command> _commands = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Func<Command, ValueTask<Reply>> Answer { get; set; } = _ => ValueTask.FromResult(Accepted);

    public static Reply Accepted { get; } = new() { Accepted = new Accepted() };

    public static Reply Unavailable { get; } = new() { Unavailable = new Unavailable { Reason = UnavailableReason.Overloaded } };

    public IReadOnlyList<Command> Commands
    {
        get
        {
            lock (_gate)
            {
                return [.. _commands];
            }
        }
    }

    public IReadOnlyList<FloorCommand> Floor => [.. Commands.Where(command => command.Floor is not null).Select(command => command.Floor)];

    public async ValueTask<Reply> SendAsync(Command command, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _commands.Add(command);
            _changed.TrySetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return await Answer(command);
    }

    public Task<IReadOnlyList<Command>> WaitForAsync(int number, Func<Command, bool>? which = null) =>
        WaitAsync(commands => commands.Count(which ?? (_ => true)) >= number, which);

    public async Task<Command> WaitForAsync(Func<Command, bool> which) => (await WaitForAsync(1, which))[^1];

    private async Task<IReadOnlyList<Command>> WaitAsync(Func<IReadOnlyList<Command>, bool> enough, Func<Command, bool>? which)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (enough(_commands))
                {
                    return [.. _commands.Where(which ?? (_ => true))];
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(Patience);
        }
    }
}
