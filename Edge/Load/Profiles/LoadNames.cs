namespace Mcptt.Load.Profiles;

/// <summary>Identities of a profile's users and groups by their index from 0.</summary>
public sealed class LoadNames
{
    private readonly LoadProfile _profile;
    private readonly NumberPattern _users;
    private readonly NumberPattern _groups;
    private readonly NumberPattern? _password;

    private LoadNames(LoadProfile profile, NumberPattern users, NumberPattern groups, NumberPattern? password) =>
        (_profile, _users, _groups, _password) = (profile, users, groups, password);

    /// <summary>Of a profile that <see cref="LoadProfileRules"/> found nothing wrong with.</summary>
    public static LoadNames Of(LoadProfile profile)
    {
        if (!NumberPattern.TryParse(profile.Users.Pattern, out var users) || !NumberPattern.TryParse(profile.Groups.Pattern, out var groups))
        {
            throw new ArgumentException("the profile was not checked", nameof(profile));
        }

        return new LoadNames(profile, users, groups, NumberPattern.TryParse(profile.Users.Password, out var password) ? password : null);
    }

    public string User(int index) => _users.For(_profile.Users.First + (uint)index);

    public string Group(int index) => _groups.For(_profile.Groups.First + (uint)index);

    /// <summary>Null: none is used. A password without a number is the same for all.</summary>
    public string? Password(int index) => _password?.For(_profile.Users.First + (uint)index) ?? (_profile.Users.Password.Length > 0 ? _profile.Users.Password : null);

    /// <summary>Indexes of a group's members.</summary>
    public IEnumerable<int> MembersOf(int group) => Enumerable.Range(group * (int)_profile.Groups.Members, (int)_profile.Groups.Members);

    /// <summary>The last member of each group, where calls are entered late, is affiliated only then.</summary>
    public bool IsLate(int user) => _profile.Calls.LateEntryShare > 0 && user % (int)_profile.Groups.Members == (int)_profile.Groups.Members - 1;
}
