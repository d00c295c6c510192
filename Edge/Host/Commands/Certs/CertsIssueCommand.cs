using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Mcptt.Actors.Cluster.Certificates;

namespace Mcptt.Host.Commands.Certs;

/// <summary>mcptt certs issue NODE</summary>
internal static class CertsIssueCommand
{
    private const int DefaultDays = 825;
    private const int MostDays = 36_500;

    public static Command Create(CommandContext context)
    {
        var command = new Command("issue", "Make the certificate and key of one node.");
        var node = new Argument<string>("NODE") { Description = "Name of the node (node.name)" };
        var hosts = new Option<string[]>("--host") { Description = "Address or host name by which other nodes reach it; may be repeated", HelpName = "HOST", Required = true };
        var authority = new Option<string>("--ca") { Description = "Folder of the authority, of \"mcptt certs init\"", HelpName = "DIR", Required = true };
        var folder = CertsCommand.Folder("Folder for NODE.crt and NODE.key; made if missing");
        var days = new Option<int>("--days") { Description = "How long it is valid", HelpName = "DAYS", DefaultValueFactory = _ => DefaultDays };
        command.Arguments.Add(node);
        command.Options.Add(hosts);
        command.Options.Add(authority);
        command.Options.Add(folder);
        command.Options.Add(days);
        command.SetAction(parsed => CertsCommand.Run(context, screen =>
        {
            var name = parsed.GetRequiredValue(node);
            var lifetime = parsed.GetValue(days);
            Check(name, parsed.GetRequiredValue(hosts), lifetime);
            using var signer = Read(parsed.GetRequiredValue(authority));
            var now = context.Time.GetUtcNow();
            if (signer.NotAfter < now)
            {
                throw new UsageException($"the authority {signer.Subject} was valid until {CertificateText.Time(signer.NotAfter)}; make a new one with \"mcptt certs init\"");
            }

            var pair = NodeAuthority.Issue(signer, name, parsed.GetRequiredValue(hosts), TimeSpan.FromDays(lifetime), now);
            var (certificate, key) = CertsCommand.WritePair(parsed.GetRequiredValue(folder), $"{name}.crt", $"{name}.key", pair);
            using var issued = X509CertificateLoader.LoadCertificateFromFile(certificate);
            screen.Line($"{certificate}: valid until {CertificateText.Time(issued.NotAfter)} (cluster.certificate)");
            screen.Line($"{key}: for this node alone (cluster.certificateKey)");
            return ExitCodes.Success;
        }));
        return command.WithExamples(
            "mcptt certs issue n1 --host 10.0.0.1 --ca ca -o n1",
            "mcptt certs issue n2 --host n2.example.org --host 10.0.0.2 --ca /media/operator/ca -o /etc/mcptt");
    }

    private static void Check(string name, string[] hosts, int days)
    {
        if (name.Length is 0 or > 63 || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_'))
        {
            throw new UsageException($"\"{name}\" is no name of a node; write 1 to 63 letters, digits, - or _");
        }

        if (hosts.FirstOrDefault(host => Uri.CheckHostName(host) == UriHostNameType.Unknown) is { } wrong)
        {
            throw new UsageException($"\"{wrong}\" is neither a host name nor an address (--host)");
        }

        if (days is < 1 or > MostDays)
        {
            throw new UsageException($"{days} days are not possible; write 1 to {MostDays} (--days)");
        }
    }

    private static X509Certificate2 Read(string folder)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(Path.Combine(folder, CertsCommand.AuthorityCertificate), Path.Combine(folder, CertsCommand.AuthorityKey));
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentException)
        {
            throw new UsageException($"{folder} holds no authority that can be used: {failure.Message} (--ca)");
        }
    }
}
