using System.Text.Json;
using Mcptt.Host.Commands;
using SQLitePCL;

namespace Mcptt.Host.Tests.Commands;

public sealed class AuditVerifyTests : IDisposable
{
    private readonly string _folder = ServingServer.NewFolder();

    private string Key => Path.Combine(_folder, "seal.key");

    private string Public => Path.Combine(_folder, "seal.pem");

    private string Receipts => Path.Combine(_folder, "receipts.txt");

    private string Journal => Path.Combine(_folder, "journal.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_journal_that_nobody_touched_is_told_to_be_so_and_one_that_somebody_did_with_the_place()
    {
        await ServeAsync();
        var clean = await VerifyAsync("--key", Public, "--receipts", Receipts);
        Assert.Equal((ExitCodes.Success, ""), (clean.Code, clean.Error));
        Assert.EndsWith("Nothing was changed.", clean.Out.Trim(), StringComparison.Ordinal);
        Assert.DoesNotContain("NOT CHECKED", clean.Out);

        Execute("UPDATE journal SET created = created + 1 WHERE ordering = 1");
        var tampered = await VerifyAsync("--key", Public);
        Assert.Equal(ExitCodes.Tampered, tampered.Code);
        Assert.Matches(@"changed event: ue-sip:alice@example\.org, event 1, ordering 1, before seal 1 \(", tampered.Out);
        Assert.Contains("the journal was changed: 1 findings", tampered.Error);
    }

    [Fact]
    public async Task Without_a_key_and_without_seals_it_says_what_that_means()
    {
        await ServeAsync();
        Assert.Contains("SIGNATURES WERE NOT CHECKED", (await VerifyAsync()).Out);

        Execute("DELETE FROM journal WHERE persistence_id = 'seal-1'");
        Assert.Contains("No seals: only chains were checked", (await VerifyAsync()).Out);
        Assert.Equal(ExitCodes.Tampered, (await VerifyAsync("--key", Public)).Code);
    }

    [Fact]
    public async Task Json_has_the_counts_and_each_finding()
    {
        await ServeAsync();
        Execute("DELETE FROM journal WHERE ordering = 1");

        var ran = await VerifyAsync("--key", Public, "--json");

        var report = JsonDocument.Parse(ran.Out).RootElement;
        Assert.False(report.GetProperty("clean").GetBoolean());
        Assert.Equal("checked", report.GetProperty("signatures").GetString());
        var finding = report.GetProperty("findings").EnumerateArray().First(one => one.GetProperty("kind").GetString() == "removedEvent");
        Assert.Equal("ue-sip:alice@example.org", finding.GetProperty("persistenceId").GetString());
        Assert.Equal(1, finding.GetProperty("sequenceNumber").GetInt64());
    }

    [Fact]
    public async Task What_cannot_be_used_is_refused_with_what_to_do()
    {
        await ServeAsync();

        Assert.Contains("no public key", (await Refused("--key", Receipts)).Error);
        Assert.Contains("no such file", (await Refused("--receipts", Path.Combine(_folder, "nowhere"))).Error);
        Assert.Contains("no time", (await Refused("--from", "yesterday")).Error);
    }

    private async Task ServeAsync()
    {
        await CommandLine.RunAsync(["audit", "keygen", "--out", Key, "--public", Public]);
        await using var server = await ServingServer.StartAsync(_folder, "--set", $"audit.sealKey={Key}", "--set", $"audit.sealReceipts={Receipts}");
        await server.RunAsync("user put -", """{ "mcpttId": "sip:alice@example.org" }""");
        await server.RunAsync("user put -", """{ "mcpttId": "sip:alice@example.org", "displayName": "Alice" }""");
    }

    private Task<Ran> VerifyAsync(params string[] args) => CommandLine.RunAsync(["audit", "verify", "--journal", Journal, .. args]);

    private async Task<Ran> Refused(params string[] args)
    {
        var ran = await VerifyAsync(args);
        Assert.Equal(ExitCodes.Usage, ran.Code);
        return ran;
    }

    private void Execute(string sql)
    {
        Assert.Equal(raw.SQLITE_OK, raw.sqlite3_open(Journal, out var handle));
        using (handle)
        {
            Assert.Equal(raw.SQLITE_OK, raw.sqlite3_exec(handle, sql));
        }
    }
}
