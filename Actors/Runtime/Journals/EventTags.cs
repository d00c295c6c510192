using System.Collections.Concurrent;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Journals;

/// <summary>
/// Tags of an event: whom it is about. They come from the actor's address, from on whose behalf it was, and from the fields
/// `mcptt_id`, `group_id` and `call` that stand directly in the event's own message.
/// </summary>
public static class EventTags
{
    /// <summary>Wide enough for every event that names a user, a group and a call besides its own actor.</summary>
    private const int UsualTags = 4;

    private static readonly ConcurrentDictionary<MessageDescriptor, FieldTag[]> FieldsOf = new();

    public static string User(string mcpttId) => "user:" + mcpttId;

    public static string Group(string groupId) => "group:" + groupId;

    public static string Call(string callId) => "call:" + callId;

    public static IReadOnlyList<string> Of(ActorAddress actor, EventEnvelope envelope)
    {
        var tags = new List<string>(UsualTags);
        switch (actor.Kind)
        {
            case ActorKindName.Ue:
                tags.Add(User(actor.Id));
                break;
            case ActorKindName.Group:
                tags.Add(Group(actor.Id));
                break;
            case ActorKindName.Call or ActorKindName.Floor:
                tags.Add(Call(actor.Id));
                break;
        }

        Add(tags, envelope.OnBehalfOf.Contains(':', StringComparison.Ordinal) ? User(envelope.OnBehalfOf) : null);
        if (Body(Body(envelope.Event)) is { } happened)
        {
            foreach (var field in FieldsOf.GetOrAdd(happened.Descriptor, FieldTags))
            {
                var value = (string)field.Field.Accessor.GetValue(happened);
                Add(tags, value.Length == 0 ? null : field.Prefix + value);
            }
        }

        return tags;
    }

    private static void Add(List<string> tags, string? tag)
    {
        if (tag is not null && !tags.Contains(tag))
        {
            tags.Add(tag);
        }
    }

    /// <summary>The message that is set in the first oneof of another one.</summary>
    private static IMessage? Body(IMessage? message) =>
        message?.Descriptor.Oneofs is [var oneof, ..] ? oneof.Accessor.GetCaseFieldDescriptor(message)?.Accessor.GetValue(message) as IMessage : null;

    private static FieldTag[] FieldTags(MessageDescriptor descriptor) =>
        [
            .. from field in descriptor.Fields.InDeclarationOrder()
               where field.FieldType == FieldType.String && !field.IsRepeated && !field.IsMap
               let prefix = field.Name switch
               {
                   "mcptt_id" => "user:",
                   "group_id" => "group:",
                   "call" => "call:",
                   _ => null,
               }
               where prefix is not null
               select new FieldTag(field, prefix),
        ];

    private readonly record struct FieldTag(FieldDescriptor Field, string Prefix);
}
