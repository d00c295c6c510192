using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Xml.Linq;

namespace Mcptt.Protocol.Mcptt;

/// <summary>The body application/poc-settings+xml (RFC 4354 6) with what TS 24.379 7.2.2 uses of it. An absent answer mode is null.</summary>
public sealed record PocSettings(string? EntityId, PocAnswerMode? AnswerMode, int? SelectedUserProfileIndex = null)
{
    private const string Namespace = McpttIdentifiers.PocSettingsNamespace;

    public static bool TryParse(ReadOnlySpan<byte> body, [NotNullWhen(true)] out PocSettings? settings, out XmlFault fault)
    {
        settings = null;
        if (!BoundedXml.TryRead(body, out var root, out fault))
        {
            return false;
        }

        if (!root.Is(Namespace, "poc-settings"))
        {
            fault = BoundedXml.FaultAt(root, $"the root is <{root.Name.LocalName}>, not <poc-settings>");
            return false;
        }

        if (!TryReadAnswerMode(root, out var mode, out fault) || !TryReadProfileIndex(root, out var index, out fault))
        {
            return false;
        }

        settings = new(root.Elements().FirstOrDefault(element => element.Is(Namespace, "entity"))?.Attribute("id")?.Value, mode, index);
        return true;
    }

    public byte[] ToBytes()
    {
        XNamespace ns = Namespace;
        XNamespace info = McpttIdentifiers.McpttInfoNamespace;
        return BoundedXml.Write(
            new XElement(
                ns + "poc-settings",
                new XElement(
                    ns + "entity",
                    EntityId is null ? null : new XAttribute("id", EntityId),
                    AnswerMode is null
                        ? null
                        : new XElement(ns + "am-settings", new XElement(ns + "answer-mode", AnswerMode == PocAnswerMode.Manual ? "manual" : "automatic")),
                    SelectedUserProfileIndex is null
                        ? null
                        : new XElement(
                            info + "selected-user-profile-index",
                            new XElement(info + "user-profile-index", SelectedUserProfileIndex.Value.ToString(CultureInfo.InvariantCulture))))));
    }

    private static bool TryReadAnswerMode(XElement root, out PocAnswerMode? mode, out XmlFault fault)
    {
        fault = default;
        mode = null;
        if (root.Descendants().FirstOrDefault(element => element.Is(Namespace, "answer-mode")) is not { } element)
        {
            return true;
        }

        mode = element.Value.Trim() switch
        {
            "automatic" or "Automatic" or "auto" or "Auto" => PocAnswerMode.Automatic,
            "manual" or "Manual" => PocAnswerMode.Manual,
            _ => null,
        };
        fault = mode is null ? BoundedXml.FaultAt(element, "<answer-mode> is neither automatic nor manual") : default;
        return mode is not null;
    }

    // The element belongs to an extension whose namespace differs between releases, so it is found by its name.
    private static bool TryReadProfileIndex(XElement root, out int? index, out XmlFault fault)
    {
        fault = default;
        index = null;
        if (root.Descendants().FirstOrDefault(element => element.Name.LocalName == "selected-user-profile-index") is not { } element)
        {
            return true;
        }

        if (!int.TryParse(element.Value.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var value))
        {
            fault = BoundedXml.FaultAt(element, "<selected-user-profile-index> is not a number");
            return false;
        }

        index = value;
        return true;
    }
}

public enum PocAnswerMode
{
    Automatic,
    Manual,
}
