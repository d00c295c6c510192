using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Mcptt.Protocol.Floor;
using Mcptt.Protocol.Sip;
using Mcptt.Ue.Floor;

namespace Mcptt.Ue.Script;

/// <summary>Reads script lines. A fault names the line, what was found and what was expected.</summary>
public static partial class ScriptParser
{
    /// <summary>A script longer than this is a mistake.</summary>
    public const int MaxLines = 10_000;

    private const int DefaultRejectStatus = 480;

    private static readonly TimeSpan DefaultExpectation = TimeSpan.FromSeconds(5);

    public static bool TryParse(IEnumerable<string> lines, [NotNullWhen(true)] out IReadOnlyList<ScriptCommand>? script, [NotNullWhen(false)] out string? fault)
    {
        var commands = new List<ScriptCommand>();
        (script, fault) = (null, null);
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            if (number > MaxLines)
            {
                fault = $"line {number}: a script has at most {MaxLines} lines";
                return false;
            }

            if (!TryParseLine(line, number, out var command, out fault))
            {
                return false;
            }

            if (command is not null)
            {
                commands.Add(command);
            }
        }

        script = commands;
        return true;
    }

    /// <summary>The command is null for an empty line or a comment.</summary>
    public static bool TryParseLine(string line, int number, out ScriptCommand? command, [NotNullWhen(false)] out string? fault)
    {
        (command, fault) = (null, null);
        var words = new Words(line);
        if (words.AtEnd)
        {
            return true;
        }

        var mayFail = words.Skip("try");
        var reason = Read(words, out command) ?? (words.AtEnd ? null : $"\"{words.Peek}\" is too much here");
        if (reason is not null)
        {
            command = null;
            fault = $"line {number}: {reason}";
            return false;
        }

        command = command! with { Line = number, MayFail = mayFail }; // Read gave no fault, so it gave a command.
        return true;
    }

    private static string? Read(Words words, out ScriptCommand? command)
    {
        command = null;
        var name = words.Next() ?? "";
        switch (name)
        {
            case "register": return ReadRegister(words, out command);
            case "settings": return ReadSettings(words, out command);
            case "affiliate": return ReadAffiliate(words, out command);
            case "call": return ReadCall(words, out command);
            case "reject": return ReadReject(words, out command);
            case "renegotiate": return ReadRenegotiate(words, out command);
            case "emergency": return ReadDeclare(words, on => new CallDeclaration(Emergency: on), out command);
            case "imminent-peril": return ReadDeclare(words, on => new CallDeclaration(ImminentPeril: on), out command);
            case "press": return ReadPress(words, out command);
            case "keep-pressing": return ReadKeepPressing(words, out command);
            case "play": return ReadFile(words, file => new ScriptCommand.Play(file), out command);
            case "record": return ReadFile(words, file => new ScriptCommand.Record(file), out command);
            case "tone": return ReadTone(words, out command);
            case "talk": return ReadDuration(words, duration => new ScriptCommand.Talk(duration), out command);
            case "wait": return ReadDuration(words, duration => new ScriptCommand.Wait(duration), out command);
            case "flood": return ReadFlood(words, out command);
            case "expect": return ReadExpect(words, out command);
            case "print": command = new ScriptCommand.Print(words.Rest()); return null;
            default:
                command = Bare(name);
                return command is null ? $"unknown command \"{name}\"; \"help\" lists them" : null;
        }
    }

    private static ScriptCommand? Bare(string name) =>
        name switch
        {
            "unregister" => new ScriptCommand.Unregister(),
            "subscribe" => new ScriptCommand.Subscribe(),
            "cancel" => new ScriptCommand.Cancel(),
            "answer" => new ScriptCommand.Answer(),
            "hangup" => new ScriptCommand.HangUp(),
            "hold" => new ScriptCommand.Hold(),
            "resume" => new ScriptCommand.Resume(),
            "release" => new ScriptCommand.Release(),
            "queue-position" => new ScriptCommand.AskQueuePosition(),
            _ => null,
        };

    private static string? ReadRegister(Words words, out ScriptCommand? command)
    {
        command = null;
        TimeSpan? expires = null;
        if (!words.AtEnd)
        {
            var word = words.Next();
            if (!TryDuration(word, out var duration))
            {
                return $"\"{word}\" is no duration such as 600s";
            }

            expires = duration;
        }

        command = new ScriptCommand.Register(expires);
        return null;
    }

    private static string? ReadSettings(Words words, out ScriptCommand? command)
    {
        var mode = words.Next();
        command = mode is "auto" or "manual" ? new ScriptCommand.Settings(mode == "manual") : null;
        return command is null ? "settings wants auto or manual" : null;
    }

    private static string? ReadAffiliate(Words words, out ScriptCommand? command)
    {
        command = null;
        var groups = new List<string>();
        while (words.Next() is { } group)
        {
            if (!SipUri.TryParse(group, out _))
            {
                return $"\"{group}\" is no group such as sip:brigade@example.org";
            }

            groups.Add(group);
        }

        command = new ScriptCommand.Affiliate(groups);
        return null;
    }

    private static string? ReadCall(Words words, out ScriptCommand? command)
    {
        command = null;
        var group = words.Next();
        if (!SipUri.TryParse(group, out _))
        {
            return $"call wants a group such as sip:brigade@example.org, not \"{group}\"";
        }

        var floor = words.Skip("floor");
        var declaration = words.Skip("emergency") ? new CallDeclaration(Emergency: true)
            : words.Skip("imminent-peril") ? new CallDeclaration(ImminentPeril: true)
            : CallDeclaration.None;
        command = new ScriptCommand.Call(group!, floor, declaration); // TryParse took it.
        return null;
    }

    private static string? ReadDeclare(Words words, Func<bool, CallDeclaration> make, out ScriptCommand? command)
    {
        var word = words.Next();
        command = word is "on" or "off" ? new ScriptCommand.Declare(make(word == "on"), words.Skip("floor")) : null;
        return command is null ? $"on or off is wanted, not \"{word}\"" : null;
    }

    private static string? ReadReject(Words words, out ScriptCommand? command)
    {
        var status = DefaultRejectStatus;
        var word = words.Next();
        var fits = word is null || (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out status) && status is >= 300 and <= 699);
        command = fits ? new ScriptCommand.Reject(status) : null;
        return fits ? null : $"\"{word}\" is no status from 300 to 699";
    }

    private static string? ReadPress(Words words, out ScriptCommand? command)
    {
        command = null;
        byte? priority = null;
        FloorIndicator indicator = 0;
        while (words.Next() is { } word)
        {
            switch (word)
            {
                case "priority":
                    if (!byte.TryParse(words.Next(), NumberStyles.None, CultureInfo.InvariantCulture, out var value))
                    {
                        return "priority wants a number from 0 to 255";
                    }

                    priority = value;
                    break;
                case "emergency":
                    indicator |= FloorIndicator.EmergencyCall;
                    break;
                case "imminent-peril":
                    indicator |= FloorIndicator.ImminentPerilCall;
                    break;
                default:
                    return $"press knows priority N, emergency and imminent-peril, not \"{word}\"";
            }
        }

        command = new ScriptCommand.Press(new FloorWish(priority, (ushort)indicator));
        return null;
    }

    private static string? ReadRenegotiate(Words words, out ScriptCommand? command)
    {
        command = null;
        byte? priority = null;
        var queueing = words.Skip("queueing");
        if (words.Skip("priority"))
        {
            if (!byte.TryParse(words.Next(), NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            {
                return "priority wants a number from 0 to 255";
            }

            priority = value;
        }

        command = new ScriptCommand.Renegotiate(new FloorOffer(queueing, priority, words.Skip("floor")));
        return null;
    }

    private static string? ReadKeepPressing(Words words, out ScriptCommand? command)
    {
        var within = DefaultExpectation;
        var fits = !words.Skip("within") || TryDuration(words.Next(), out within);
        command = fits ? new ScriptCommand.KeepPressing(default, within) : null;
        return fits ? null : "within wants a duration such as 500ms, 2s or 1m";
    }

    private static string? ReadFile(Words words, Func<string, ScriptCommand> make, out ScriptCommand? command)
    {
        var file = words.Rest();
        command = file.Length == 0 ? null : make(file);
        return command is null ? "a file name is missing" : null;
    }

    private static string? ReadTone(Words words, out ScriptCommand? command)
    {
        const double LowestHz = 50, HighestHz = 3_500;
        var word = words.Next();
        var fits = double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var hz) && hz is >= LowestHz and <= HighestHz;
        command = fits ? new ScriptCommand.Tone(hz) : null;
        return fits ? null : $"tone wants a frequency from {LowestHz} to {HighestHz} Hz, not \"{word}\"";
    }

    private static string? ReadFlood(Words words, out ScriptCommand? command)
    {
        const int MostRequests = 1_000_000;
        var word = words.Next();
        var fits = int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and <= MostRequests;
        command = fits ? new ScriptCommand.Flood(count) : null;
        return fits ? null : $"flood wants a number from 1 to {MostRequests}, not \"{word}\"";
    }

    private static string? ReadDuration(Words words, Func<TimeSpan, ScriptCommand> make, out ScriptCommand? command)
    {
        var word = words.Next();
        command = TryDuration(word, out var duration) ? make(duration) : null;
        return command is null ? $"\"{word}\" is no duration such as 500ms, 2s or 1m" : null;
    }

    private static string? ReadExpect(Words words, out ScriptCommand? command)
    {
        command = null;
        var none = words.Skip("no");
        if (words.Next() is not { } expected)
        {
            return "expect wants the name of an event, for instance granted";
        }

        var conditions = new List<KeyValuePair<string, string>>();
        var duration = DefaultExpectation;
        while (words.Next() is { } key)
        {
            if (words.Next() is not { } value)
            {
                return $"\"{key}\" wants a value";
            }

            if (key is not ("within" or "for"))
            {
                conditions.Add(new(key, value));
            }
            else if (!TryDuration(value, out duration))
            {
                return $"\"{value}\" is no duration such as 500ms, 2s or 1m";
            }
        }

        command = none ? new ScriptCommand.ExpectNo(expected, conditions, duration) : new ScriptCommand.Expect(expected, conditions, duration);
        return null;
    }

    public static bool TryDuration(string? text, out TimeSpan duration)
    {
        duration = default;
        var digits = text?.TrimEnd('m', 's') ?? "";
        if (!double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || number > int.MaxValue)
        {
            return false;
        }

        TimeSpan? read = text![digits.Length..] switch // Not null: its digits were read.
        {
            "ms" => TimeSpan.FromMilliseconds(number),
            "s" => TimeSpan.FromSeconds(number),
            "m" => TimeSpan.FromMinutes(number),
            _ => null,
        };
        duration = read ?? default;
        return read is not null;
    }

    /// <summary>The words of a line; a comment ends it.</summary>
    private sealed class Words(string line)
    {
        private string _rest = line.TrimStart().StartsWith('#') ? "" : line.Trim();

        public bool AtEnd => _rest.Length == 0;

        public string Peek => _rest.Split(' ', '\t')[0];

        public string? Next()
        {
            if (AtEnd)
            {
                return null;
            }

            var word = Peek;
            _rest = _rest[word.Length..].TrimStart();
            return word;
        }

        public bool Skip(string word)
        {
            if (AtEnd || Peek != word)
            {
                return false;
            }

            Next();
            return true;
        }

        public string Rest()
        {
            var rest = _rest;
            _rest = "";
            return rest;
        }
    }
}
