using Mcptt.Protocol.Messages;
using Mcptt.Protocol.Sip;

namespace Mcptt.Edge.Outbox;

/// <summary>A request that an effect asks for. Its Via, with this branch, is put on when it is sent.</summary>
internal sealed record OutboundRequest(RequestMessage Message, string Branch, Flow? Flow);
