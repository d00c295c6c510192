using System.Text.Json;

namespace Mcptt.Ue.Events;

/// <summary>One event as one line, for people or for machines (JSON Lines).</summary>
public static class EventLine
{
    public static string Text(UeEvent happened) => happened.ToString();

    public static string Json(UeEvent happened, string user)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("time", happened.Time);
            json.WriteString("user", user);
            json.WriteString("event", happened.Word);
            foreach (var (name, value) in happened.Fields)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }
}
