using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Mcptt.Host.Commands;

/// <summary>Examples of use, shown at the end of a command's help.</summary>
internal static class Examples
{
    private static readonly System.Runtime.CompilerServices.ConditionalWeakTable<Command, string[]> Lines = [];

    public static T WithExamples<T>(this T command, params string[] lines)
        where T : Command
    {
        Lines.AddOrUpdate(command, lines);
        return command;
    }

    /// <summary>Makes the help option of the root show them, for every command below it.</summary>
    public static void ShowInHelp(RootCommand root)
    {
        if (root.Options.OfType<HelpOption>().FirstOrDefault() is { Action: HelpAction plain } option)
        {
            option.Action = new HelpAndExamples(plain);
        }
    }

    private sealed class HelpAndExamples(HelpAction plain) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var code = plain.Invoke(parseResult);
            if (Lines.TryGetValue(parseResult.CommandResult.Command, out var lines))
            {
                var output = parseResult.InvocationConfiguration.Output;
                output.WriteLine("Examples:");
                foreach (var line in lines)
                {
                    output.WriteLine($"  {line}");
                }

                output.WriteLine();
            }

            return code;
        }
    }
}
