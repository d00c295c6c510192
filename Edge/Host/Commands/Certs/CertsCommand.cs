using System.CommandLine;

namespace Mcptt.Host.Commands.Certs;

/// <summary>mcptt certs init|issue|show</summary>
internal static class CertsCommand
{
    public const string AuthorityCertificate = "ca.crt";
    public const string AuthorityKey = "ca.key";

    public static Command Create(CommandContext context) =>
        new Command("certs", "Make and show the certificates by which the nodes of a cluster know each other.")
        {
            CertsInitCommand.Create(context),
            CertsIssueCommand.Create(context),
            CertsShowCommand.Create(context),
        }.WithExamples(
            "mcptt certs init -o ca                                     once: the authority; keep ca/ca.key where no node is",
            "mcptt certs issue n1 --host 10.0.0.1 --ca ca -o n1         for each node",
            "mcptt certs show n1/n1.crt");

    /// <summary>Turns what goes wrong with files into messages and exit codes.</summary>
    public static int Run(CommandContext context, Func<Screen, int> action)
    {
        var screen = new Screen(context);
        try
        {
            return action(screen);
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
    }

    public static Option<string> Folder(string description) => new("--out", "-o") { Description = description, HelpName = "DIR", Required = true };

    /// <summary>Certificate and key side by side in a folder that is made if missing. Neither is overwritten: nodes may be using it.</summary>
    public static (string Certificate, string Key) WritePair(string folder, string certificateName, string keyName, (string Certificate, string Key) pair)
    {
        var (certificate, key) = (Path.Combine(folder, certificateName), Path.Combine(folder, keyName));
        foreach (var path in (string[])[certificate, key])
        {
            if (Path.Exists(path))
            {
                throw new UsageException($"{path} exists and is not overwritten; name another folder, or move it away first (-o)");
            }
        }

        NewFiles.CheckNoWorkTree(key);
        Directory.CreateDirectory(folder);
        NewFiles.Write(key, pair.Key, NewFiles.ForOwner);
        NewFiles.Write(certificate, pair.Certificate, NewFiles.ForAll);
        return (certificate, key);
    }
}
