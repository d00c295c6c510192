using System.CommandLine;
using Mcptt.Load.Profiles;

namespace Mcptt.Host.Commands.Load;

/// <summary>mcptt load example</summary>
internal static class LoadExampleCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new Command("example", "Print a profile to begin with, each key explained.");
        command.SetAction(_ =>
        {
            context.Out.Write(ExampleProfile.Text);
            return ExitCodes.Success;
        });
        return command.WithExamples("mcptt load example > town.json");
    }
}

/// <summary>mcptt load check FILE</summary>
internal static class LoadCheckCommand
{
    public static Command Create(CommandContext context)
    {
        var file = new Argument<FileInfo>("FILE") { Description = "A profile" };
        var command = new Command("check", "Tell everything that is wrong with a profile. Exit code 0: nothing is.") { file };
        command.SetAction(parsed =>
        {
            try
            {
                ProfileFile.Read(parsed.GetValue(file)!); // Its arity says that there is one.
                context.Out.WriteLine("The profile is valid.");
                return ExitCodes.Success;
            }
            catch (UsageException e)
            {
                context.Error.WriteLine($"mcptt load: {e.Message}");
                return ExitCodes.Usage;
            }
        });
        return command.WithExamples("mcptt load check town.json");
    }
}
