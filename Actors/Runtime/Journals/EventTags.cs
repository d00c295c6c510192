using System.Collections.Concurrent;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Mcptt.Domain.Audit;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Journals;

/// <summary>
/// Tags of an event: whom it is about. They come from the actor's address, from on whose behalf it was, and from the fields
/// `mcptt_id`, `group_id` and `call` of the event's own message and of the single messages in it. Lists of users are not looked at,
/// or a group of 10 000 members would make as many tags at each change; except who is invited, because each of them gets an INVITE anyway.
/// </summary>
public static class EventTags
{
    /// <summary>Wide enough for every event that names a user, a group and a call besides its own actor.</summary>
    private const int UsualTags = 4;

    /// <summary>Messages in messages that are looked into: an invitation has a member, and that a client.</summary>
    internal const int Depth = 3;

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
        if (EventKinds.Body(envelope.Event) is { } happened)
        {
            AddFields(tags, happened, Depth);
        }

        return tags;
    }

    /// <summary>Fields that name somebody, with what stands before the name in a tag, and fields of messages in which such stand.</summary>
    internal static IEnumerable<(FieldDescriptor Field, string Prefix)> NamingFields(MessageDescriptor descriptor) =>
        FieldTags(descriptor).Select(tag => (tag.Field, tag.Prefix));

    private static void AddFields(List<string> tags, IMessage message, int depth)
    {
        foreach (var (field, prefix) in FieldsOf.GetOrAdd(message.Descriptor, FieldTags))
        {
            switch (field.Accessor.GetValue(message))
            {
                case string { Length: > 0 } value:
                    Add(tags, prefix + value);
                    break;
                case IMessage inner when depth > 0:
                    AddFields(tags, inner, depth - 1);
                    break;
                case IEnumerable<MemberInvitation> invitations when depth > 0:
                    foreach (var invitation in invitations)
                    {
                        AddFields(tags, invitation, depth - 1);
                    }

                    break;
            }
        }
    }

    private static void Add(List<string> tags, string? tag)
    {
        // The last one first: a list of invitations names the same group each time.
        if (tag is not null && tags.LastIndexOf(tag) < 0)
        {
            tags.Add(tag);
        }
    }

    private static FieldTag[] FieldTags(MessageDescriptor descriptor) => FieldTags(descriptor, Depth);

    // Strings that name somebody, and messages in which such stand.
    private static FieldTag[] FieldTags(MessageDescriptor descriptor, int depth) =>
        [
            .. from field in descriptor.Fields.InDeclarationOrder()
               let prefix = field.FieldType == FieldType.Message ? (Leads(field, depth) ? "" : null) : Prefix(field)
               where prefix is not null
               select new FieldTag(field, prefix),
        ];

    private static bool Leads(FieldDescriptor field, int depth) =>
        depth > 0
        && !field.IsMap
        && (!field.IsRepeated || field.MessageType == MemberInvitation.Descriptor)
        && FieldTags(field.MessageType, depth - 1).Length > 0;

    private static string? Prefix(FieldDescriptor field) =>
        field is { FieldType: FieldType.String, IsRepeated: false }
            ? field.Name switch
            {
                "mcptt_id" => "user:",
                "group_id" => "group:",
                "call" => "call:",
                _ => null,
            }
            : null;

    private readonly record struct FieldTag(FieldDescriptor Field, string Prefix);
}
