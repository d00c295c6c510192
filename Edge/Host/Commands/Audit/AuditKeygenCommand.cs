using System.CommandLine;
using Mcptt.Actors.Audit;

namespace Mcptt.Host.Commands.Audit;

/// <summary>mcptt audit keygen</summary>
internal static class AuditKeygenCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new Command("keygen", "Make the key that seals are signed with: the private part for the server, the public part for whoever verifies.");
        var file = new Option<string>("--out") { Description = "Where the private key goes; a new file that only its owner may read", HelpName = "FILE", Required = true };
        var publicFile = new Option<string?>("--public") { Description = "Where the public key goes [default: it is printed]", HelpName = "FILE" };
        var passwordFile = new Option<string?>("--password-file") { Description = "File whose first line encrypts the private key (audit.sealKeyPasswordFile)", HelpName = "FILE" };
        command.Options.Add(file);
        command.Options.Add(publicFile);
        command.Options.Add(passwordFile);
        command.SetAction(parsed =>
        {
            var screen = new Screen(context);
            try
            {
                Generate(parsed.GetRequiredValue(file), parsed.GetValue(publicFile), parsed.GetValue(passwordFile), screen);
                return ExitCodes.Success;
            }
            catch (UsageException exception)
            {
                screen.Error(exception.Message);
                return ExitCodes.Usage;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                screen.Error(exception.Message);
                return ExitCodes.Failed;
            }
        });
        return command.WithExamples(
            "mcptt audit keygen --out /etc/mcptt/seal.key --public /media/auditor/seal.pem",
            "mcptt audit keygen --out /etc/mcptt/seal.key --password-file /run/secrets/seal-password");
    }

    private static void Generate(string path, string? publicPath, string? passwordPath, Screen screen)
    {
        CheckFree(path, "--out");
        if (publicPath is not null)
        {
            CheckFree(publicPath, "--public");
        }

        NewFiles.CheckNoWorkTree(path);
        var password = passwordPath is null ? null : File.ReadLines(passwordPath).FirstOrDefault("");
        if (password is { Length: 0 })
        {
            throw new UsageException($"{passwordPath}: the first line is empty; write a password into it");
        }

        using var key = SealKey.Create();
        NewFiles.Write(path, key.ToPem(password), NewFiles.ForOwner);
        if (publicPath is not null)
        {
            NewFiles.Write(publicPath, key.Public.ToPem(), NewFiles.ForAll);
        }

        screen.Line($"key id {key.KeyId}");
        screen.Line($"private key {path}: keep a copy where the journal is not, and name it as audit.sealKey");
        screen.Line(publicPath is null ? key.Public.ToPem() : $"public key {publicPath}: give it to whoever verifies");
    }

    private static void CheckFree(string path, string option)
    {
        if (Path.Exists(path))
        {
            throw new UsageException($"{path} exists and is not overwritten: what it sealed could not be verified any more; name another file ({option})");
        }
    }
}
