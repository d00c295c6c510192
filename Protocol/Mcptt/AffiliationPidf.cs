using System.Diagnostics.CodeAnalysis;
using System.Xml.Linq;

namespace Mcptt.Protocol.Mcptt;

/// <summary>One group of one client. In a PUBLISH only the group is given; in a NOTIFY also status and expires (TS 24.379 9.3.1).</summary>
public sealed record PidfAffiliation(string Group, string? Status = null, string? Expires = null);

/// <summary>The tuple of one client: its id is the MCPTT client id.</summary>
public sealed record PidfTuple(string ClientId, IReadOnlyList<PidfAffiliation> Affiliations);

/// <summary>
/// The body application/pidf+xml that carries affiliations (TS 24.379 9.3.1). In a PUBLISH it is the whole set of groups of the
/// client, to replace the former one (9.2.1.2).
/// </summary>
public sealed record AffiliationPidf(string Entity, IReadOnlyList<PidfTuple> Tuples, string? PId = null)
{
    private const string Pidf = McpttIdentifiers.PidfNamespace;
    private const string PresenceInfo = McpttIdentifiers.PresenceInfoNamespace;

    public static bool TryParse(ReadOnlySpan<byte> body, [NotNullWhen(true)] out AffiliationPidf? pidf, out XmlFault fault)
    {
        pidf = null;
        if (!BoundedXml.TryRead(body, out var root, out fault))
        {
            return false;
        }

        if (!root.Is(Pidf, "presence"))
        {
            fault = BoundedXml.FaultAt(root, $"the root is <{root.Name.LocalName}>, not <presence>");
            return false;
        }

        if (root.Attribute("entity")?.Value.Trim() is not { Length: > 0 } entity)
        {
            fault = BoundedXml.FaultAt(root, "<presence> has no entity");
            return false;
        }

        var tuples = new List<PidfTuple>();
        foreach (var element in root.Elements().Where(element => element.Is(Pidf, "tuple")))
        {
            if (!TryReadTuple(element, out var tuple, out fault))
            {
                return false;
            }

            tuples.Add(tuple);
        }

        pidf = new AffiliationPidf(entity, tuples, root.Descendants().FirstOrDefault(element => element.Is(PresenceInfo, "p-id"))?.Value.Trim());
        return true;
    }

    public byte[] ToBytes()
    {
        XNamespace pidf = Pidf;
        XNamespace info = PresenceInfo;
        return BoundedXml.Write(
            new XElement(
                pidf + "presence",
                new XAttribute("xmlns", Pidf),
                new XAttribute(XNamespace.Xmlns + "mcpttPI10", PresenceInfo),
                new XAttribute("entity", Entity),
                Tuples.Select(tuple => new XElement(
                    pidf + "tuple",
                    new XAttribute("id", tuple.ClientId),
                    new XElement(pidf + "status", tuple.Affiliations.Select(affiliation => Element(info + "affiliation", affiliation))))),
                PId is null ? null : new XElement(info + "p-id", PId)));
    }

    private static XElement Element(XName name, PidfAffiliation affiliation) =>
        new(
            name,
            new XAttribute("group", affiliation.Group),
            affiliation.Status is null ? null : new XAttribute("status", affiliation.Status),
            affiliation.Expires is null ? null : new XAttribute("expires", affiliation.Expires));

    private static bool TryReadTuple(XElement element, [NotNullWhen(true)] out PidfTuple? tuple, out XmlFault fault)
    {
        tuple = null;
        fault = default;
        if (element.Attribute("id")?.Value.Trim() is not { Length: > 0 } clientId)
        {
            fault = BoundedXml.FaultAt(element, "<tuple> has no id");
            return false;
        }

        var affiliations = new List<PidfAffiliation>();
        foreach (var child in element.Descendants().Where(child => child.Is(PresenceInfo, "affiliation")))
        {
            if (child.Attribute("group")?.Value.Trim() is not { Length: > 0 } group)
            {
                fault = BoundedXml.FaultAt(child, "<affiliation> has no group");
                return false;
            }

            affiliations.Add(new(group, child.Attribute("status")?.Value, child.Attribute("expires")?.Value));
        }

        tuple = new(clientId, affiliations);
        return true;
    }
}
