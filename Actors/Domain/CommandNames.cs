using Mcptt.Protocol.Messages;

namespace Mcptt.Domain;

/// <summary>What a command orders, in a word: "RouteGroupCall", "Request".</summary>
public static class CommandNames
{
    public static string Of(Command command) =>
        command.BodyCase switch
        {
            Command.BodyOneofCase.Ue => command.Ue.BodyCase.ToString(),
            Command.BodyOneofCase.Group => command.Group.BodyCase.ToString(),
            Command.BodyOneofCase.Call => command.Call.BodyCase.ToString(),
            Command.BodyOneofCase.Floor => command.Floor.BodyCase.ToString(),
            _ => command.BodyCase.ToString(),
        };
}
