using Akka.Configuration;

namespace Mcptt.Actors.Akka;

/// <summary>The site's own configuration of Akka.NET.</summary>
public static class AkkaHocon
{
    public static bool TryParse(string text, out string problem)
    {
        try
        {
            ConfigurationFactory.ParseString(text);
            problem = "";
            return true;
        }
        catch (Exception failure)
        {
            // The parser has no one type for what is wrong with a text.
            problem = failure.Message;
            return false;
        }
    }
}
