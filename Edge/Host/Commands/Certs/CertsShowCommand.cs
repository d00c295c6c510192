using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mcptt.Api.Json;

namespace Mcptt.Host.Commands.Certs;

/// <summary>mcptt certs show FILE...</summary>
internal static class CertsShowCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new Command("show", "Show whose certificates these are and how long they are valid. Exit code 1: one is not valid now.");
        var files = new Argument<string[]>("FILE") { Description = "Certificates in PEM", Arity = ArgumentArity.OneOrMore };
        var json = new Option<bool>("--json") { Description = "Print JSON" };
        command.Arguments.Add(files);
        command.Options.Add(json);
        command.SetAction(parsed => CertsCommand.Run(context, screen =>
        {
            var now = context.Time.GetUtcNow();
            var shown = parsed.GetRequiredValue(files).Select(path => (Path: path, Certificate: Read(path))).ToList();
            if (parsed.GetValue(json))
            {
                screen.Json(JsonSerializer.SerializeToElement(new JsonArray([.. shown.Select(one => Document(one.Path, one.Certificate, now))]), ApiJson.Options));
            }
            else
            {
                screen.Table(
                    ["FILE", "OF", "BY", "HOSTS", "VALID UNTIL", "STATE"],
                    shown.Select(one => (IReadOnlyList<string>)
                        [one.Path, one.Certificate.Subject, one.Certificate.Issuer, string.Join(' ', CertificateText.Hosts(one.Certificate)), CertificateText.Time(one.Certificate.NotAfter), CertificateText.State(one.Certificate, now)]));
            }

            return shown.All(one => IsValid(one.Certificate, now)) ? ExitCodes.Success : ExitCodes.Failed;
        }));
        return command.WithExamples("mcptt certs show /etc/mcptt/n1.crt /etc/mcptt/ca.crt", "mcptt certs show n1.crt --json");
    }

    private static bool IsValid(X509Certificate2 certificate, DateTimeOffset now) =>
        certificate.NotBefore.ToUniversalTime() <= now.UtcDateTime && now.UtcDateTime <= certificate.NotAfter.ToUniversalTime();

    private static X509Certificate2 Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new UsageException($"{path} does not exist");
        }

        try
        {
            return X509CertificateLoader.LoadCertificateFromFile(path);
        }
        catch (CryptographicException failure)
        {
            throw new UsageException($"{path} is no certificate: {failure.Message}");
        }
    }

    private static JsonObject Document(string path, X509Certificate2 certificate, DateTimeOffset now) =>
        new()
        {
            ["file"] = path,
            ["of"] = certificate.Subject,
            ["by"] = certificate.Issuer,
            ["hosts"] = new JsonArray([.. CertificateText.Hosts(certificate).Select(host => JsonValue.Create(host))]),
            ["validFrom"] = certificate.NotBefore.ToUniversalTime(),
            ["validUntil"] = certificate.NotAfter.ToUniversalTime(),
            ["valid"] = IsValid(certificate, now),
        };
}
