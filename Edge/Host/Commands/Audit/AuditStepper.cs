using System.Globalization;
using System.Text.Json;
using Mcptt.Api.Audit;
using Mcptt.Api.Json;
using Mcptt.Domain.Audit;
using Mcptt.Domain.Ports;

namespace Mcptt.Host.Commands.Audit;

/// <summary>Leads through an actor's history event by event: by commands on a terminal, else all of them.</summary>
internal sealed class AuditStepper(CommandContext context, IAuditReader reader, string actor)
{
    private const string Prompt = "next (enter), p previous, a number to jump to, s whole state, q quit: ";

    /// <param name="from">The first event that is shown; null: the first there is.</param>
    public async Task RunAsync(bool asJson, long? from, CancellationToken cancellationToken)
    {
        if (context is { InIsTerminal: true, OutIsTerminal: true } && !asJson)
        {
            await LeadAsync(from ?? 1, cancellationToken);
        }
        else
        {
            await TellAllAsync(asJson, from ?? 1, cancellationToken);
        }
    }

    private async Task TellAllAsync(bool asJson, long from, CancellationToken cancellationToken)
    {
        var before = await ReplayAsync(0, cancellationToken);
        await foreach (var step in reader.StepsAsync(actor, cancellationToken))
        {
            if (step.SequenceNumber >= from)
            {
                Show(before, step, asJson);
            }

            before = step;
        }
    }

    private async Task LeadAsync(long at, CancellationToken cancellationToken)
    {
        while (true)
        {
            var now = await ReplayAsync(at, cancellationToken);
            at = now.SequenceNumber;
            Show(await ReplayAsync(at - 1, cancellationToken), now, asJson: false);
            if (Ask(now) is not { } next)
            {
                return;
            }

            at = Math.Clamp(next, 1, now.LastSequenceNumber);
        }
    }

    // Null: enough.
    private long? Ask(ReplayedState now)
    {
        while (true)
        {
            context.Out.Write($"{now.SequenceNumber} of {now.LastSequenceNumber}; {Prompt}");
            var answer = context.In.ReadLine()?.Trim().ToLowerInvariant();
            switch (answer)
            {
                case null or "q" or "quit":
                    return null;
                case "" or "n" or "next":
                    return now.SequenceNumber + 1;
                case "p" or "previous":
                    return now.SequenceNumber - 1;
                case "s" or "state":
                    WriteLines(AuditText.State(StateTree.Of(now.State).Nodes));
                    break;
                case var text when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number):
                    return number;
                default:
                    context.Out.WriteLine($"\"{answer}\" is none of these.");
                    break;
            }
        }
    }

    private void Show(ReplayedState before, ReplayedState step, bool asJson)
    {
        if (step.Last is not { } entry)
        {
            return;
        }

        if (asJson)
        {
            var document = new { Event = AuditMapping.ToModel(entry), AuditMapping.ToModel(before, step).Changes };
            context.Out.WriteLine(JsonSerializer.Serialize(document, ApiJson.Options));
            return;
        }

        context.Out.WriteLine($"#{step.SequenceNumber}  {AuditText.Time(entry.Time)}  {entry.Description.Kind}: {AuditText.OneLine(entry.Description.Sentence)}{Clause(entry)}");
        WriteLines(StateDiff.Between(before.State, step.State).Select(AuditText.Change));
    }

    private static string Clause(AuditEntry entry) => entry.Description.Clause.Length == 0 ? "" : $" [{entry.Description.Clause}]";

    private void WriteLines(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            context.Out.WriteLine(line);
        }
    }

    private async Task<ReplayedState> ReplayAsync(long sequenceNumber, CancellationToken cancellationToken) =>
        await reader.ReplayAsync(actor, new ReplayPoint(SequenceNumber: sequenceNumber), cancellationToken) ?? throw new FailedException($"{actor} has no history in this journal");
}
