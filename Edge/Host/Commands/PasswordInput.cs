using System.Text;

namespace Mcptt.Host.Commands;

/// <summary>Reads a password: typed twice without showing it, or the first line of standard input.</summary>
internal static class PasswordInput
{
    public static string Read(CommandContext context)
    {
        var password = context.InIsTerminal ? Typed(context) : context.In.ReadLine() ?? "";
        return password.Length > 0 ? password : throw new UsageException("no password was given");
    }

    private static string Typed(CommandContext context)
    {
        var first = Line(context, "Password: ");
        return first == Line(context, "Again: ") ? first : throw new UsageException("the two are not equal");
    }

    private static string Line(CommandContext context, string prompt)
    {
        context.Error.Write(prompt);
        var typed = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace && typed.Length > 0)
            {
                typed.Length--;
            }
            else if (!char.IsControl(key.KeyChar))
            {
                typed.Append(key.KeyChar);
            }
        }

        context.Error.WriteLine();
        return typed.ToString();
    }
}
