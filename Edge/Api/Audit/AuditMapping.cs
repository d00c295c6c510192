using System.Text.Json;
using Google.Protobuf;
using Mcptt.Api.Models;
using Mcptt.Domain.Audit;

namespace Mcptt.Api.Audit;

/// <summary>Entries and states as documents.</summary>
public static class AuditMapping
{
    public static AuditEntryModel ToModel(AuditEntry entry) =>
        new()
        {
            Ordering = entry.Ordering,
            Time = entry.Time,
            Stored = entry.Stored,
            Actor = entry.PersistenceId,
            SequenceNumber = entry.SequenceNumber,
            Kind = entry.Description.Kind,
            User = Wire.OrNull(entry.Description.User),
            Group = Wire.OrNull(entry.Description.Group),
            Call = Wire.OrNull(entry.Description.Call),
            Leg = entry.Description.Leg == 0 ? null : entry.Description.Leg,
            Sentence = entry.Description.Sentence,
            Clause = Wire.OrNull(entry.Description.Clause),
            OnBehalfOf = Wire.OrNull(entry.OnBehalfOf),
            CorrelationId = Wire.OrNull(entry.CorrelationId),
            CommandId = Wire.OrNull(entry.CommandId),
        };

    public static ReplayModel ToModel(ReplayedState replayed)
    {
        var state = StateSecrets.Hide(replayed.State);
        using var json = JsonDocument.Parse(JsonFormatter.Default.Format(state));
        return new()
        {
            Actor = replayed.PersistenceId,
            SequenceNumber = replayed.SequenceNumber,
            LastSequenceNumber = replayed.LastSequenceNumber,
            Last = replayed.Last is { } last ? ToModel(last) : null,
            State = json.RootElement.Clone(),
        };
    }

    public static StateDiffModel ToModel(ReplayedState before, ReplayedState after) =>
        new()
        {
            Actor = after.PersistenceId,
            FromSequenceNumber = before.SequenceNumber,
            ToSequenceNumber = after.SequenceNumber,
            Changes = [.. StateDiff.Between(before.State, after.State).Select(change => new StateChangeModel { Path = change.Path, Before = change.Before, After = change.After })],
        };
}
