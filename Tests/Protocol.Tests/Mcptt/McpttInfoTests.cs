using System.Text;
using Mcptt.Protocol.Mcptt;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;

namespace Mcptt.Protocol.Tests.Mcptt;

[Clause("TS24.379 F.1")]
public sealed class McpttInfoTests
{
    [Fact]
    public void The_info_of_a_strict_client_is_read_with_all_its_fields()
    {
        var info = Read("info-strict-invite.xml");

        Assert.Equal("prearranged", info.SessionType);
        Assert.Equal("sip:brigade@example.org", info.RequestUri);
        Assert.Equal("urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6", info.ClientId);
        Assert.False(info.EmergencyInd);
        Assert.Null(info.AlertInd);
        Assert.Contains("functional-alias-URI", info.AnyExt, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_written_directly_without_typed_child_or_namespace_are_read()
    {
        var info = Read("info-direct-values.xml");

        Assert.Equal("client-7", info.ClientId);
        Assert.Equal("prearranged", info.SessionType);
        Assert.Equal("sip:brigade@example.org", info.RequestUri);
        Assert.True(info.AlertIndRcvd);
        Assert.Null(info.AlertInd);
        Assert.False(info.BroadcastInd);
    }

    [Fact]
    public void An_encrypted_element_has_no_value_and_is_named()
    {
        var info = Read("info-encrypted.xml");

        Assert.Null(info.RequestUri);
        Assert.Equal([McpttInfoField.RequestUri], info.EncryptedFields);
        Assert.Contains("kept", Assert.Single(info.UnknownElements), StringComparison.Ordinal);
    }

    [Fact]
    public void Elements_are_written_in_the_order_of_the_schema()
    {
        var info = new McpttInfo
        {
            ClientId = "client-7",
            CallingGroupId = "sip:brigade@example.org",
            CallingUserId = "sip:alice@example.org",
            RequestUri = "sip:bob@example.org",
            SessionType = "prearranged",
            BroadcastInd = true,
            EmergencyInd = true,
            AlertIndRcvd = false,
        };

        const string Expected = """
            <?xml version="1.0" encoding="utf-8"?>
            <mcpttinfo xmlns="urn:3gpp:ns:mcpttInfo:1.0">
              <mcptt-Params>
                <session-type>prearranged</session-type>
                <mcptt-request-uri type="Normal">
                  <mcpttURI>sip:bob@example.org</mcpttURI>
                </mcptt-request-uri>
                <mcptt-calling-user-id type="Normal">
                  <mcpttURI>sip:alice@example.org</mcpttURI>
                </mcptt-calling-user-id>
                <mcptt-calling-group-id type="Normal">
                  <mcpttURI>sip:brigade@example.org</mcpttURI>
                </mcptt-calling-group-id>
                <emergency-ind type="Normal">
                  <mcpttBoolean>true</mcpttBoolean>
                </emergency-ind>
                <broadcast-ind>true</broadcast-ind>
                <mcptt-client-id type="Normal">
                  <mcpttString>client-7</mcpttString>
                </mcptt-client-id>
                <alert-ind-rcvd type="Normal">
                  <mcpttBoolean>false</mcpttBoolean>
                </alert-ind-rcvd>
              </mcptt-Params>
            </mcpttinfo>
            """;
        Assert.Equal(Expected.ReplaceLineEndings("\r\n"), Encoding.UTF8.GetString(info.ToBytes()));
    }

    [Theory]
    [InlineData("info-strict-invite.xml")]
    [InlineData("info-direct-values.xml")]
    [InlineData("info-encrypted.xml")]
    public void What_was_written_reads_as_the_same_info(string file)
    {
        var written = Read(file).ToBytes();

        Assert.True(McpttInfo.TryParse(written, out var again, out var fault), fault.ToString());
        Assert.Equal(Encoding.UTF8.GetString(written), Encoding.UTF8.GetString(again.ToBytes()));
        Assert.Equal(Read(file).EncryptedFields, again.EncryptedFields);
        Assert.Equal(Read(file).RequestUri, again.RequestUri);
    }

    [Theory]
    [InlineData("<mcpttinfo><mcptt-Params>\n<session-type>chat</mcptt-Params></mcpttinfo>", "not well-formed", 2)]
    [InlineData("<info/>", "the root is <info>", 1)]
    [InlineData("<mcpttinfo><mcptt-Params>\n\n<emergency-ind>maybe</emergency-ind></mcptt-Params></mcpttinfo>", "neither true nor false", 3)]
    [InlineData("<mcpttinfo><mcptt-Params><session-type>chat</session-type>\n<session-type>chat</session-type></mcptt-Params></mcpttinfo>", "stands twice", 2)]
    [InlineData("<!DOCTYPE a [<!ENTITY b \"b\">]><mcpttinfo/>", "not well-formed", 0)]
    [InlineData("", "not well-formed", 0)]
    public void A_bad_document_is_refused_with_reason_and_line(string document, string reason, int line)
    {
        Assert.False(McpttInfo.TryParse(Encoding.UTF8.GetBytes(document), out _, out var fault));

        Assert.Contains(reason, fault.Reason, StringComparison.Ordinal);
        Assert.Equal(line, fault.Line);
    }

    [Fact]
    public void A_document_past_a_bound_is_refused()
    {
        var deep = string.Concat(Enumerable.Repeat("<a>", XmlLimits.MaxDepth + 1)) + string.Concat(Enumerable.Repeat("</a>", XmlLimits.MaxDepth + 1));
        var wide = "<a>" + string.Concat(Enumerable.Repeat("<b/>", XmlLimits.MaxElements)) + "</a>";
        var big = "<a>" + new string('x', XmlLimits.MaxBytes) + "</a>";

        foreach (var document in new[] { deep, wide, big })
        {
            Assert.False(McpttInfo.TryParse(Encoding.UTF8.GetBytes(document), out _, out var fault));
            Assert.DoesNotContain("root", fault.Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_session_type_has_a_name_that_reads_back()
    {
        foreach (var type in Enum.GetValues<SessionType>())
        {
            Assert.True(SessionTypeNames.TryParse(SessionTypeNames.NameOf(type), out var read));
            Assert.Equal(type, read);
        }

        Assert.False(SessionTypeNames.TryParse("broadcast", out _));
    }

    private static McpttInfo Read(string file)
    {
        Assert.True(McpttInfo.TryParse(Corpus.Read("mcptt", file), out var info, out var fault), fault.ToString());
        return info;
    }
}
