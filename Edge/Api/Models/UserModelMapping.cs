using System.Diagnostics.CodeAnalysis;
using Mcptt.Api.Json;
using Mcptt.Protocol.Messages;

namespace Mcptt.Api.Models;

public static class UserModelMapping
{
    private const int MaxDisplayNameLength = 256;
    private const int MaxDigestUserLength = 128;
    private const int MaxPasswordLength = 256;

    /// <summary>The profile without its HA1 values: those come from the password, or stay what they were.</summary>
    public static bool TryToProfile(
        UserModel model,
        string? mcpttId,
        JsonPlaces places,
        [NotNullWhen(true)] out UserProfile? profile,
        out IReadOnlyList<JsonFault> faults
    )
    {
        var check = new FaultList(places);
        var id = check.Identity("mcpttId", model.McpttId, mcpttId);
        check.TextLength("displayName", model.DisplayName, MaxDisplayNameLength);
        CheckDigestUser(model.DigestUser, check);
        CheckPassword(model.Password, check);
        faults = check.Faults;
        profile = faults.Count > 0 ? null : Build(model, id);
        return profile is not null;
    }

    public static bool TryPassword(PasswordModel model, JsonPlaces places, out IReadOnlyList<JsonFault> faults)
    {
        var check = new FaultList(places);
        CheckPassword(model.Password, check);
        faults = check.Faults;
        return faults.Count == 0;
    }

    public static UserModel ToModel(UserProfile profile) =>
        new()
        {
            McpttId = profile.McpttId,
            DisplayName = Wire.OrNull(profile.DisplayName),
            DigestUser = Wire.OrNull(profile.DigestUser),
            MaxAffiliationsN2 = profile.MaxAffiliationsN2,
            MaxGroupCallsN6 = profile.MaxGroupCallsN6,
        };

    public static UserStateModel ToState(UserProfile subscriber, UeView view) =>
        new()
        {
            McpttId = subscriber.McpttId,
            DigestAlgorithms = [.. subscriber.Ha1.Keys.Order(StringComparer.Ordinal)],
            Realm = Wire.OrNull(subscriber.Realm),
            Bindings =
            [
                .. view.Bindings.Select(binding => new BindingModel
                {
                    Client = Wire.Client(binding.Client),
                    ExpiresAt = Wire.Time(binding.ExpiresAtUs),
                    UserAgent = Wire.OrNull(binding.UserAgent),
                }),
            ],
            Affiliations =
            [
                .. view.Affiliations.Select(status => new AffiliationModel
                {
                    GroupId = status.GroupId,
                    ClientId = status.ClientId,
                    Status = status.Status,
                }),
            ],
            ImplicitGroupIds = [.. view.ImplicitGroupIds],
        };

    public static UserSummaryModel ToSummary(UeView view) =>
        new()
        {
            McpttId = view.Profile.McpttId,
            DisplayName = Wire.OrNull(view.Profile.DisplayName),
            Registered = view.Bindings.Count > 0,
            Affiliations = view.Affiliations.Count,
        };

    // RFC 3261 25.1: it travels in a quoted-string, and a colon would end it inside HA1.
    private static void CheckDigestUser(string? digestUser, FaultList check)
    {
        check.TextLength("digestUser", digestUser, MaxDigestUserLength);
        if (digestUser is not null && (digestUser.Length == 0 || digestUser.Any(letter => letter is ':' or '"' or '\\' || char.IsControl(letter))))
        {
            check.Add("digestUser", $"\"{digestUser}\" cannot be a user name of digest", "leave out colons, quotes, backslashes and control characters");
        }
    }

    // The value itself is never part of a message.
    private static void CheckPassword(string? password, FaultList check)
    {
        if (password is { Length: 0 } or { Length: > MaxPasswordLength })
        {
            check.Add("password", $"has {password.Length} characters", $"1 to {MaxPasswordLength} are possible; leave it out to keep the one that is set");
        }
    }

    private static UserProfile Build(UserModel model, string id) =>
        new()
        {
            McpttId = id,
            DisplayName = model.DisplayName ?? "",
            DigestUser = model.DigestUser ?? "",
            MaxAffiliationsN2 = model.MaxAffiliationsN2,
            MaxGroupCallsN6 = model.MaxGroupCallsN6,
        };
}
