using System.Collections;
using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Audit;

/// <summary>
/// An actor's state as a person reads it: names and values, nested, without what is not set. Times and durations are written out, entries of a list are
/// named by what identifies them (a leg, a client, a user), and the digest secrets of a user are never shown.
/// </summary>
public sealed class StateTree
{
    private const string Hidden = "(hidden)";

    // Values of digest authentication: whoever has one can register as the user.
    private const string SecretField = "ha1";

    private static readonly string[] Identifying = ["leg", "client_id", "mcptt_id", "group_id", "sip_call_id"];

    private StateTree(IReadOnlyList<StateNode> nodes) => Nodes = nodes;

    public IReadOnlyList<StateNode> Nodes { get; }

    public static StateTree Of(DomainSnapshot state) => new(Body(state) is { } body ? Fields(body) : []);

    /// <summary>"legs[2].dialog.call_id" and its value, for every value.</summary>
    public IEnumerable<KeyValuePair<string, StateNode>> Leaves() => Leaves("", Nodes);

    private static IMessage? Body(DomainSnapshot state) => DomainSnapshot.Descriptor.Oneofs[0].Accessor.GetCaseFieldDescriptor(state)?.Accessor.GetValue(state) as IMessage;

    private static IEnumerable<KeyValuePair<string, StateNode>> Leaves(string above, IReadOnlyList<StateNode> nodes) =>
        nodes.SelectMany(node =>
        {
            var path = above.Length == 0 || node.Name.StartsWith('[') ? above + node.Name : $"{above}.{node.Name}";
            return node.Nodes.Count == 0 ? [KeyValuePair.Create(path, node)] : Leaves(path, node.Nodes);
        });

    private static List<StateNode> Fields(IMessage message)
    {
        var nodes = new List<StateNode>();
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder())
        {
            var value = field.Accessor.GetValue(message);
            if (field.IsMap)
            {
                Add(nodes, field.Name, [.. Entries(field, (IDictionary)value).OrderBy(node => node.Name, StringComparer.Ordinal)]);
            }
            else if (field.IsRepeated)
            {
                Add(nodes, field.Name, Items(field, (IList)value));
            }
            else if (value is IMessage inner)
            {
                nodes.Add(new StateNode(Name(field), "", Fields(inner)));
            }
            else if (value is not null && Text(field, value) is { Length: > 0 } text)
            {
                nodes.Add(new StateNode(Name(field), text, []));
            }
        }

        return nodes;
    }

    private static void Add(List<StateNode> nodes, string name, IReadOnlyList<StateNode> items)
    {
        if (items.Count > 0)
        {
            nodes.Add(new StateNode(name, "", items));
        }
    }

    private static IEnumerable<StateNode> Entries(FieldDescriptor field, IDictionary map)
    {
        foreach (DictionaryEntry entry in map)
        {
            var text = Convert.ToString(entry.Value, CultureInfo.InvariantCulture) ?? "";
            yield return field.Name == SecretField
                ? new StateNode($"[{entry.Key}]", Hidden, []) { Secret = text }
                : new StateNode($"[{entry.Key}]", text, []);
        }
    }

    private static List<StateNode> Items(FieldDescriptor field, IList items)
    {
        var nodes = new List<StateNode>(items.Count);
        var taken = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < items.Count; i++)
        {
            var item = items[i];
            var name = item is IMessage message ? Identity(message) ?? "" : item as string ?? "";

            // Two with the same name are told apart by their place.
            if (name.Length == 0 || !taken.Add(name))
            {
                name = taken.Add($"#{i + 1}") ? $"#{i + 1}" : $"{name}#{i + 1}";
            }

            nodes.Add(item is IMessage inner ? new StateNode($"[{name}]", "", Fields(inner)) : new StateNode($"[{name}]", Text(field, item) is { Length: > 0 } text ? text : "0", []));
        }

        return nodes;
    }

    private static string? Identity(IMessage message) =>
        Identifying
            .Select(name => message.Descriptor.FindFieldByName(name))
            .Where(field => field is { IsRepeated: false } && field.FieldType != FieldType.Message)
            .Select(field => Convert.ToString(field.Accessor.GetValue(message), CultureInfo.InvariantCulture))
            .FirstOrDefault(text => text is { Length: > 0 } and not "0")
        ?? (message.Descriptor.Fields.InDeclarationOrder().FirstOrDefault(field => field.FieldType == FieldType.Message && !field.IsRepeated) is { } first
            && first.Accessor.GetValue(message) is IMessage inner
            && inner.Descriptor != message.Descriptor
            ? Identity(inner)
            : null);

    // The unit is in the value, unless the name without it is another field's: "emergency" is whether there is one, "emergency_us" since when.
    private static string Name(FieldDescriptor field)
    {
        var unitless = IsTime(field) || IsDuration(field) ? field.Name[..^"_us".Length] : field.Name;
        return unitless == field.Name || field.ContainingType.FindFieldByName(unitless) is null ? unitless : field.Name;
    }

    private static bool IsTime(FieldDescriptor field) => field.FieldType == FieldType.Int64 && field.Name.EndsWith("_us", StringComparison.Ordinal);

    private static bool IsDuration(FieldDescriptor field) => field.FieldType == FieldType.UInt32 && field.Name.EndsWith("_ms", StringComparison.Ordinal);

    /// <summary>Empty: it is not set.</summary>
    private static string Text(FieldDescriptor field, object? value) =>
        value switch
        {
            0L or 0UL or 0U or 0 or false or null => "",
            long us when IsTime(field) => Words.Moment(us),
            uint ms when IsDuration(field) => Words.Seconds(ms),
            bool => "yes",
            string text => text,
            ByteString bytes => Convert.ToHexStringLower(bytes.Span),
            Enum name when field.FieldType == FieldType.Enum => EnumName(field, Convert.ToInt32(name, CultureInfo.InvariantCulture)),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
        };

    // LEG_PHASE_IN_SESSION of the enum LegPhase is "in-session"; 0 is never set.
    private static string EnumName(FieldDescriptor field, int number)
    {
        if (number == 0)
        {
            return "";
        }

        var name = field.EnumType.FindValueByNumber(number)?.Name;
        var prefix = field.EnumType.FindValueByNumber(0)?.Name.Replace("UNSPECIFIED", "", StringComparison.Ordinal) ?? "";
        return name is null ? $"{number}" : (name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name).ToLowerInvariant().Replace('_', '-');
    }
}

/// <summary>A value with its name, or a name over others. Entries of a list have their name in brackets.</summary>
public sealed record StateNode(string Name, string Value, IReadOnlyList<StateNode> Nodes)
{
    /// <summary>What a hidden value is compared by; never shown.</summary>
    internal string Secret { get; init; } = "";
}
