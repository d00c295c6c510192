using Mcptt.Ue;
using Mcptt.Ue.Script;

namespace Mcptt.Host.Phones;

/// <summary>What mcptt ue was asked to do.</summary>
/// <param name="Interactive">After the script, commands come from standard input.</param>
internal sealed record UePlan(UeOptions Options, IReadOnlyList<ScriptCommand> Script, bool Interactive, bool Json, bool Verbose);
