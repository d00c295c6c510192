using System.Collections.Frozen;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Audit;

/// <summary>
/// The names by which people filter events. Each comes from the event's place in its oneof ("floor" and "talk_started" make floor-talk-started),
/// except where people have a plainer word. Names never change their meaning.
/// </summary>
public static class EventKinds
{
    /// <summary>Of an event that a newer program wrote.</summary>
    public const string Unknown = "unknown";

    private static readonly FrozenDictionary<string, string> PlainWords = new Dictionary<string, string>
    {
        ["ue-user-provisioned"] = "user-provisioned",
        ["ue-user-removed"] = "user-removed",
        ["ue-client-registered"] = "registered",
        ["ue-client-deregistered"] = "deregistered",
        ["ue-client-settings-changed"] = "settings-changed",
        ["ue-affiliations-published"] = "affiliations-published",
        ["ue-affiliations-changed"] = "affiliations-changed",
        ["ue-affiliation-settled"] = "affiliation-settled",
        ["ue-implicit-affiliation-changed"] = "affiliation-implicit",
        ["ue-affiliation-subscribed"] = "affiliation-subscribed",
        ["ue-affiliation-subscription-ended"] = "affiliation-subscription-ended",
        ["ue-affiliation-fetched"] = "affiliation-fetched",
        ["group-document-put"] = "group-provisioned",
        ["group-document-removed"] = "group-removed",
        ["group-client-affiliated"] = "group-affiliated",
        ["group-client-deaffiliated"] = "group-deaffiliated",
        ["call-initiated"] = "call-started",
        ["call-finished"] = "call-ended",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<FieldDescriptor, string> Names = Fields().ToFrozenDictionary(pair => pair.Field, pair => pair.Name);

    /// <summary>Every name, in ordinal order.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Names.Values.Order(StringComparer.Ordinal)];

    public static string Of(DomainEvent happened) => Names.GetValueOrDefault(Place(happened) ?? Nowhere, Unknown);

    /// <summary>The message that says what happened; null for one that a newer program wrote.</summary>
    public static IMessage? Body(DomainEvent happened)
    {
        var area = Set(happened);
        var place = area is null ? null : Place(happened);
        return place is null || area is null ? null
            : place.ContainingType == DomainEvent.Descriptor ? area
            : place.Accessor.GetValue(area) as IMessage;
    }

    private static FieldDescriptor Nowhere { get; } = DomainEvent.Descriptor.FindFieldByNumber(DomainEvent.TimeUsFieldNumber);

    private static IMessage? Set(IMessage message) =>
        message.Descriptor.Oneofs is [var oneof, ..] ? oneof.Accessor.GetCaseFieldDescriptor(message)?.Accessor.GetValue(message) as IMessage : null;

    // The field of the innermost oneof that is set. An area without a oneof of its own is one kind of event.
    private static FieldDescriptor? Place(DomainEvent happened)
    {
        var area = DomainEvent.Descriptor.Oneofs[0].Accessor.GetCaseFieldDescriptor(happened);
        return area?.MessageType.Oneofs is [var oneof, ..] && area.Accessor.GetValue(happened) is IMessage body
            ? oneof.Accessor.GetCaseFieldDescriptor(body)
            : area;
    }

    private static IEnumerable<(FieldDescriptor Field, string Name)> Fields() =>
        from area in DomainEvent.Descriptor.Oneofs[0].Fields
        from field in area.MessageType.Oneofs is [var oneof, ..] ? oneof.Fields : [area]
        let name = (field == area ? area.Name : $"{area.Name}-{field.Name}").Replace('_', '-')
        select (field, PlainWords.GetValueOrDefault(name, name));
}
