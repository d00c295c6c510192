using Mcptt.Scenarios.Running;

namespace Mcptt.Scenarios.Peers;

/// <summary>Runs one sipp instance with a scenario of Peers/sipp against the server, on loopback.</summary>
internal static class Sipp
{
    public static ChildProcess Start(string scenario, SippPhone phone, TemporaryFolder folder, bool waitsForCalls = false, int holdMilliseconds = 0, IReadOnlyDictionary<string, string>? extra = null)
    {
        var keys = new Dictionary<string, string>
        {
            ["domain"] = phone.Domain,
            ["rtp"] = phone.RtpPort.ToString(),
            ["floor"] = phone.FloorPort.ToString(),
            ["client"] = "client-" + phone.User,
            ["group"] = phone.Group,
            ["contact_params"] = phone.ContactParameters,
            ["audio"] = "",
        };
        foreach (var (name, value) in extra ?? new Dictionary<string, string>())
        {
            keys[name] = value;
        }

        var arguments = new List<string>
        {
            phone.Server, "-sf", Prepare(scenario, keys, folder), "-s", phone.User, "-i", "127.0.0.1", "-p", phone.SipPort.ToString(), "-m", "1", "-nostdin", "-trace_err", "-trace_msg",
            "-error_file", folder.File($"{phone.User}-{scenario}-errors.log"), "-message_file", folder.File($"{phone.User}-{scenario}-messages.log"), "-timeout", "40s", "-d", holdMilliseconds.ToString(),
            "-t", phone.OverTcp ? "t1" : "u1", "-mi", "127.0.0.1", "-mp", phone.PlayPort.ToString(),
        };
        if (waitsForCalls)
        {
            arguments.Remove(phone.Server);
        }

        return ChildProcess.Start("timeout", ["60", "sipp", .. arguments], folder.Path);
    }

    /// <summary>Every line that sipp wrote of what it sent, received and disliked.</summary>
    public static string Log(SippPhone phone, string scenario, TemporaryFolder folder) =>
        string.Concat(new[] { "errors", "messages" }.Select(kind => folder.File($"{phone.User}-{scenario}-{kind}.log")).Where(File.Exists).Select(File.ReadAllText));

    // sipp replaces its keywords in messages only, not in attributes: the file gets the values.
    private static string Prepare(string scenario, Dictionary<string, string> keys, TemporaryFolder folder)
    {
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Peers", "sipp", scenario + ".xml"));
        foreach (var (name, value) in keys)
        {
            text = text.Replace($"[{name}]", value, StringComparison.Ordinal);
        }

        var path = folder.File($"{scenario}-{Guid.NewGuid():N}.xml");
        File.WriteAllText(path, text);
        return path;
    }
}

internal sealed record SippPhone(string User, string Server)
{
    public string Domain { get; init; } = "example.org";

    public string Group { get; init; } = "brigade";

    public int SipPort { get; init; } = FreePorts.Both();

    public int RtpPort { get; init; }

    public int FloorPort { get; init; }

    public int PlayPort { get; init; } = FreePorts.Udp();

    public bool OverTcp { get; init; }

    public string ContactParameters { get; init; } = "";
}
