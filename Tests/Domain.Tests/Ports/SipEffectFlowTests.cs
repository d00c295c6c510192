using Google.Protobuf;
using Google.Protobuf.Reflection;
using Mcptt.Domain.Ports;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Tests.Ports;

public sealed class SipEffectFlowTests
{
    public static TheoryData<string> Bodies { get; } = [.. SipEffect.Descriptor.Oneofs.Single(oneof => oneof.Name == "body").Fields.Select(field => field.Name)];

    [Theory]
    [MemberData(nameof(Bodies))]
    public void Whatever_kind_of_effect_has_a_flow_is_known_by_it(string body)
    {
        var flow = new Flow { EdgeNode = "edge2" };
        var field = SipEffect.Descriptor.FindFieldByName(body);
        var content = Build(field.MessageType, flow, depth: 0);
        Assert.True(content is not null, $"{body} has no flow: then name it here as one that any edge may send");
        var effect = new SipEffect();
        field.Accessor.SetValue(effect, content);

        Assert.Same(flow, effect.FlowOf());
    }

    /// <summary>A message of the type with the flow in it, however deep; null: the type has no place for one.</summary>
    private static IMessage? Build(MessageDescriptor type, Flow flow, int depth)
    {
        const int deepest = 3;
        foreach (var field in type.Fields.InFieldNumberOrder().Where(field => field.FieldType == FieldType.Message && !field.IsRepeated))
        {
            var inner = field.MessageType == Flow.Descriptor ? flow : depth < deepest ? Build(field.MessageType, flow, depth + 1) : null;
            if (inner is not null)
            {
                var message = type.Parser.ParseFrom(ByteString.Empty);
                field.Accessor.SetValue(message, inner);
                return message;
            }
        }

        return null;
    }
}
