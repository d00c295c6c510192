using Mcptt.Actors.Audit;
using Mcptt.Host.Commands;

namespace Mcptt.Host.Tests.Commands;

public sealed class AuditKeygenTests : IDisposable
{
    private readonly string _folder = ServingServer.NewFolder();

    private string Key => Path.Combine(_folder, "seal.key");

    private string Public => Path.Combine(_folder, "seal.pem");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_key_is_made_that_only_its_owner_may_read_and_its_id_is_told()
    {
        var ran = await CommandLine.RunAsync(["audit", "keygen", "--out", Key, "--public", Public]);

        Assert.Equal((ExitCodes.Success, ""), (ran.Code, ran.Error));
        using var key = SealKey.Load(Key, null);
        using var known = SealPublicKey.Load(Public);
        Assert.Equal(key.KeyId, known.KeyId);
        Assert.Contains($"key id {key.KeyId}", ran.Out);
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(Key) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Fact]
    public async Task With_a_password_the_key_is_encrypted_and_the_public_part_is_printed()
    {
        var password = Path.Combine(_folder, "password");
        await File.WriteAllTextAsync(password, "correct horse\n");

        var ran = await CommandLine.RunAsync(["audit", "keygen", "--out", Key, "--password-file", password]);

        Assert.Equal(ExitCodes.Success, ran.Code);
        Assert.Contains("BEGIN PUBLIC KEY", ran.Out);
        Assert.DoesNotContain("PRIVATE KEY-----", ran.Out);
        Assert.Contains("BEGIN ENCRYPTED PRIVATE KEY", await File.ReadAllTextAsync(Key));
        SealKey.Load(Key, "correct horse").Dispose();
    }

    [Fact]
    public async Task Nothing_is_overwritten()
    {
        await File.WriteAllTextAsync(Key, "precious");

        var ran = await CommandLine.RunAsync(["audit", "keygen", "--out", Key]);

        Assert.Equal(ExitCodes.Usage, ran.Code);
        Assert.Contains("not overwritten", ran.Error);
        Assert.Equal("precious", await File.ReadAllTextAsync(Key));
    }

    [Fact]
    public async Task A_git_work_tree_gets_no_key()
    {
        Directory.CreateDirectory(Path.Combine(_folder, ".git"));
        var below = Directory.CreateDirectory(Path.Combine(_folder, "ops", "keys")).FullName;

        var ran = await CommandLine.RunAsync(["audit", "keygen", "--out", Path.Combine(below, "seal.key")]);

        Assert.Equal(ExitCodes.Usage, ran.Code);
        Assert.Contains("git work tree", ran.Error);
        Assert.Empty(Directory.GetFiles(below));
    }

    [Fact]
    public async Task A_server_with_a_key_seals_on_its_stop_and_keeps_receipts_and_health_tells_of_it()
    {
        var receipts = Path.Combine(_folder, "receipts.txt");
        await CommandLine.RunAsync(["audit", "keygen", "--out", Key, "--public", Public]);
        await using (var server = await ServingServer.StartAsync(_folder, "--set", $"audit.sealKey={Key}", "--set", $"audit.sealReceipts={receipts}"))
        {
            await server.RunAsync("user put -", """{ "mcpttId": "sip:alice@example.org" }""");
            Assert.Matches("seals +yes +(no seal yet|seal )", (await server.RunAsync("health")).Out);
        }

        using var known = SealPublicKey.Load(Public);
        var last = SealReceipt.Parse((await File.ReadAllLinesAsync(receipts))[^1]);
        Assert.Equal(known.KeyId, last?.KeyId);
        Assert.InRange(last?.ToOrdering ?? 0, 1, long.MaxValue);
    }

    [Fact]
    public async Task A_server_without_a_key_says_that_nothing_is_sealed_and_one_with_a_bad_key_does_not_start()
    {
        await using (var server = await ServingServer.StartAsync(_folder))
        {
            Assert.Contains("not sealed: there is no key", (await server.RunAsync("health")).Out);
        }

        await File.WriteAllTextAsync(Key, "no key");
        var ran = await CommandLine.RunAsync(ServingServer.Arguments(_folder, ["--set", $"audit.sealKey={Key}"]));
        Assert.Equal(ExitCodes.CannotStart, ran.Code);
        Assert.Contains("audit.sealKey", ran.Error);
    }
}
