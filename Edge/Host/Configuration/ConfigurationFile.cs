using System.Text.Json;
using Mcptt.Api.Json;

namespace Mcptt.Host.Configuration;

/// <summary>Settings of a file in JSON with comments; keys may be nested or dotted.</summary>
internal sealed class ConfigurationFile(string path)
{
    // A configuration is some kilobytes; a larger file is another one by mistake.
    private const int MaxBytes = 1024 * 1024;
    private const int MaxDepth = 16;

    private readonly List<ConfigurationSetting> _settings = [];
    private readonly List<ConfigurationFault> _faults = [];

    public IReadOnlyList<ConfigurationSetting> Settings => _settings;

    public IReadOnlyList<ConfigurationFault> Faults => _faults;

    public static ConfigurationFile Read(string path)
    {
        var file = new ConfigurationFile(path);
        try
        {
            if (new FileInfo(path).Length > MaxBytes)
            {
                file.Add("", 0, "is larger than 1 MiB", "name the configuration file with --config");
                return file;
            }

            file.Parse(File.ReadAllBytes(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            file.Add("", 0, exception.Message, "name a file that can be read with --config");
        }

        return file;
    }

    public static ConfigurationFile Parse(string path, byte[] utf8)
    {
        var file = new ConfigurationFile(path);
        file.Parse(utf8);
        return file;
    }

    private void Parse(ReadOnlySpan<byte> utf8)
    {
        utf8 = utf8.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8;
        var lines = new JsonLines(utf8);
        var reader = new Utf8JsonReader(
            utf8,
            new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = MaxDepth }
        );
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                Add("", 1, "is no object", "write { \"sip\": { ... } }");
                return;
            }

            ReadObject(ref reader, lines, "");
            while (reader.Read())
            {
                // Anything after the document is an error that the reader itself reports.
            }
        }
        catch (JsonException exception)
        {
            var message = exception.Message.Split(" LineNumber:", 2)[0].TrimEnd('.');
            Add("", (int)(exception.LineNumber ?? 0) + 1, message, "correct the JSON at this line");
        }
    }

    private void ReadObject(ref Utf8JsonReader reader, JsonLines lines, string prefix)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = prefix + reader.GetString();
            var line = lines.Place(reader.TokenStartIndex).Line;
            reader.Read();
            if (ConfigurationKeys.Find(name) is { } key)
            {
                AddSetting(key, JsonElement.ParseValue(ref reader), line);
            }
            else if (reader.TokenType == JsonTokenType.StartObject && IsSection(name))
            {
                ReadObject(ref reader, lines, name + ".");
            }
            else
            {
                Add(name, line, "is no key", Suggestion.Phrase(name, [.. Names(name)]));
                reader.Skip();
            }
        }
    }

    private void AddSetting(ConfigurationKey key, JsonElement value, int line)
    {
        if (_settings.Any(setting => setting.Key == key))
        {
            Add(key.Name, line, "is set twice in the file", "keep one of them");
        }
        else
        {
            _settings.Add(new ConfigurationSetting(key, value, Origin(line)));
        }
    }

    private void Add(string key, int line, string problem, string fix) =>
        _faults.Add(key.Length > 0 ? new ConfigurationFault(key, Origin(line), problem, fix) : new ConfigurationFault(path, line > 0 ? $"line {line}" : "", problem, fix));

    private string Origin(int line) => $"{path}, line {line}";

    private static bool IsSection(string name) => ConfigurationKeys.All.Any(key => key.Name.StartsWith(name + ".", StringComparison.Ordinal));

    // Of a known section its keys, else everything.
    private static IEnumerable<string> Names(string name)
    {
        var section = name[..(name.LastIndexOf('.') + 1)];
        var names = ConfigurationKeys.All.Select(key => key.Name).Where(known => known.StartsWith(section, StringComparison.Ordinal)).ToList();
        return section.Length > 0 ? names : names.Concat(names.Select(known => known[..known.IndexOf('.', StringComparison.Ordinal)]).Distinct());
    }
}

/// <summary>A value, and who set it.</summary>
internal sealed record ConfigurationSetting(ConfigurationKey Key, JsonElement Value, string Origin);
