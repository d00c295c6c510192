namespace Mcptt.Load.Profiles;

/// <summary>A profile to begin with, each key explained.</summary>
public static class ExampleProfile
{
    public static string Text { get; } = Read();

    private static string Read()
    {
        using var stream = typeof(ExampleProfile).Assembly.GetManifestResourceStream("example.json")
            ?? throw new InvalidOperationException("the example profile is not in the assembly");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
