namespace Mcptt.Load.Running;

/// <summary>A group and its members, in the order of their places.</summary>
internal sealed record LoadGroup(string Id, IReadOnlyList<Member> Members);
