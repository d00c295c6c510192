using System.Text;
using Mcptt.Protocol.Mcptt;
using Mcptt.Testing;

namespace Mcptt.Protocol.Tests.Mcptt;

public sealed class BodyDocumentTests
{
    private const string Client = "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6";

    [Fact]
    [Clause("TS24.379 9.3.1")]
    public void A_published_affiliation_is_read()
    {
        Assert.True(AffiliationPidf.TryParse(Corpus.Read("mcptt", "pidf-publish.xml"), out var pidf, out var fault), fault.ToString());

        Assert.Equal("sip:alice@example.org", pidf.Entity);
        Assert.Equal("0a1b", pidf.PId);
        var tuple = Assert.Single(pidf.Tuples);
        Assert.Equal(Client, tuple.ClientId);
        Assert.Equal(["sip:brigade@example.org", "sip:rescue@example.org"], tuple.Affiliations.Select(affiliation => affiliation.Group));
    }

    [Fact]
    [Clause("TS24.379 9.3.1")]
    public void A_notified_affiliation_is_written_as_the_golden_file()
    {
        var pidf = new AffiliationPidf(
            "sip:alice@example.org",
            [new PidfTuple("client-7", [new PidfAffiliation("sip:brigade@example.org", "affiliated", "4294967295")])]);

        Assert.Equal(Golden("pidf-notify.xml"), Encoding.UTF8.GetString(pidf.ToBytes()), ignoreCase: true);
        Assert.True(AffiliationPidf.TryParse(pidf.ToBytes(), out var again, out _));
        Assert.Equal(pidf.ToBytes(), again.ToBytes());
    }

    [Theory]
    [InlineData("<presence/>", "<presence> has no entity")]
    [InlineData("<presence entity='sip:a@b'><tuple/></presence>", "<tuple> has no id")]
    [InlineData("<presence entity='sip:a@b'><tuple id='c'><status><affiliation/></status></tuple></presence>", "<affiliation> has no group")]
    [InlineData("<pidf/>", "the root is <pidf>")]
    public void A_pidf_without_what_it_needs_is_refused(string document, string reason)
    {
        Assert.False(AffiliationPidf.TryParse(Encoding.UTF8.GetBytes(document), out _, out var fault));
        Assert.Contains(reason, fault.Reason, StringComparison.Ordinal);
        Assert.Equal(1, fault.Line);
    }

    [Fact]
    [Clause("RFC4826 3")]
    public void Entries_of_nested_resource_lists_are_read_in_order()
    {
        Assert.True(ResourceLists.TryParse(Corpus.Read("mcptt", "lists-private-call.xml"), out var lists, out var fault), fault.ToString());

        Assert.Equal(["sip:bob@example.org", "sip:carol@example.org"], lists.EntryUris);
        Assert.True(ResourceLists.TryParse(lists.ToBytes(), out var again, out _));
        Assert.Equal(lists.EntryUris, again.EntryUris);
    }

    [Theory]
    [InlineData("<resource-lists><list><entry/></list></resource-lists>", "<entry> has no uri")]
    [InlineData("<lists/>", "the root is <lists>")]
    public void Bad_resource_lists_are_refused(string document, string reason)
    {
        Assert.False(ResourceLists.TryParse(Encoding.UTF8.GetBytes(document), out _, out var fault));
        Assert.Contains(reason, fault.Reason, StringComparison.Ordinal);
    }

    [Fact]
    [Clause("RFC4354 6")]
    public void Poc_settings_are_read_and_written_as_the_golden_file()
    {
        Assert.True(PocSettings.TryParse(Corpus.Read("mcptt", "poc-settings-manual.xml"), out var settings, out var fault), fault.ToString());

        Assert.Equal(new PocSettings("client-7", PocAnswerMode.Manual), settings);
        Assert.Equal(Golden("poc-settings-manual.xml"), Encoding.UTF8.GetString(settings.ToBytes()), ignoreCase: true);
    }

    [Fact]
    public void Poc_settings_keep_the_selected_profile_through_a_round_trip()
    {
        var settings = new PocSettings("client-7", PocAnswerMode.Automatic, 3);

        Assert.True(PocSettings.TryParse(settings.ToBytes(), out var again, out var fault), fault.ToString());
        Assert.Equal(settings, again);
    }

    [Theory]
    [InlineData("<poc-settings><answer-mode>perhaps</answer-mode></poc-settings>", "<answer-mode>")]
    [InlineData("<poc-settings><selected-user-profile-index>x</selected-user-profile-index></poc-settings>", "not a number")]
    [InlineData("<settings/>", "the root is <settings>")]
    public void Bad_poc_settings_are_refused(string document, string reason)
    {
        Assert.False(PocSettings.TryParse(Encoding.UTF8.GetBytes(document), out _, out var fault));
        Assert.Contains(reason, fault.Reason, StringComparison.Ordinal);
    }

    private static string Golden(string file) => Encoding.UTF8.GetString(Corpus.Read("mcptt", file)).Trim().ReplaceLineEndings("\r\n").Replace("\"/>", "\" />", StringComparison.Ordinal);
}
