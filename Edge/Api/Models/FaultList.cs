using Mcptt.Api.Json;

namespace Mcptt.Api.Models;

/// <summary>Gathers what is wrong with the values of a document.</summary>
internal sealed class FaultList(JsonPlaces places)
{
    private readonly List<JsonFault> _faults = [];

    public IReadOnlyList<JsonFault> Faults => _faults;

    public void Add(string field, string problem, string fix)
    {
        if (_faults.Count < StrictJson.MaxFaults)
        {
            _faults.Add(places.Fault(field, problem, fix));
        }
    }

    public void Seconds(string field, decimal seconds)
    {
        if (seconds is < 0 or > Wire.MaxSeconds)
        {
            Add(field, $"is {seconds}", $"write seconds from 0 to {Wire.MaxSeconds}");
        }
    }

    public void AtMost(string field, uint value, uint most)
    {
        if (value > most)
        {
            Add(field, $"is {value}", $"at most {most} is possible");
        }
    }

    public void TextLength(string field, string? text, int most)
    {
        if (text?.Length > most)
        {
            Add(field, $"has {text.Length} characters", $"at most {most} are possible");
        }
    }

    /// <summary>The identity in its one form; empty after a fault.</summary>
    public string Identity(string field, string? written, string? named)
    {
        if (written is null && named is null)
        {
            Add(field, "is missing", "add it, for instance \"sip:brigade@example.org\"");
            return "";
        }

        if (!Identities.TryNormalise(written ?? named ?? "", out var identity))
        {
            Add(field, $"\"{written ?? named}\" is no identity", Identities.Fix);
            return "";
        }

        if (named is not null && identity != named)
        {
            Add(field, $"is {identity}, but the address names {named}", "make them equal or leave this one out");
            return "";
        }

        return identity;
    }
}
