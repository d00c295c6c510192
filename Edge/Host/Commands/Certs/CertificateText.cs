using System.Globalization;
using System.Security.Cryptography.X509Certificates;

namespace Mcptt.Host.Commands.Certs;

/// <summary>A certificate in words.</summary>
internal static class CertificateText
{
    public const int SoonDays = 30;

    public static string Time(DateTime local) => local.ToUniversalTime().ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);

    public static int DaysLeft(X509Certificate2 certificate, DateTimeOffset now) => (int)Math.Floor((certificate.NotAfter.ToUniversalTime() - now.UtcDateTime).TotalDays);

    public static IEnumerable<string> Hosts(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(names => names.EnumerateDnsNames().Concat(names.EnumerateIPAddresses().Select(address => address.ToString())));

    public static string State(X509Certificate2 certificate, DateTimeOffset now) =>
        certificate.NotAfter.ToUniversalTime() < now.UtcDateTime ? "EXPIRED"
        : certificate.NotBefore.ToUniversalTime() > now.UtcDateTime ? "NOT VALID YET"
        : DaysLeft(certificate, now) < SoonDays ? $"expires in {DaysLeft(certificate, now)} days"
        : $"{DaysLeft(certificate, now)} days left";
}
