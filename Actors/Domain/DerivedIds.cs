using System.Security.Cryptography;
using System.Text;

namespace Mcptt.Domain;

/// <summary>Ids that are made here follow from what caused them, so that a repeated command makes the same ones.</summary>
internal static class DerivedIds
{
    private const int CallIdDigits = 24;
    private const int TagDigits = 16;

    public static string Call(string commandId) => Digits(commandId, CallIdDigits);

    /// <summary>Our tag in a dialog that belongs to no call.</summary>
    public static string Tag(string commandId) => "s" + Digits(commandId, TagDigits);

    private static string Digits(string cause, int count) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(cause)))[..count];
}
