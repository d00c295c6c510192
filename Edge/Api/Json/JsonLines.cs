namespace Mcptt.Api.Json;

/// <summary>Line and column of a byte of a text, both from 1.</summary>
public sealed class JsonLines
{
    private readonly List<int> _starts = [0];

    public JsonLines(ReadOnlySpan<byte> utf8)
    {
        for (var index = 0; index < utf8.Length; index++)
        {
            if (utf8[index] == '\n')
            {
                _starts.Add(index + 1);
            }
        }
    }

    public (int Line, int Column) Place(long offset)
    {
        var found = _starts.BinarySearch((int)offset);
        var line = found >= 0 ? found : ~found - 1;
        return (line + 1, (int)offset - _starts[line] + 1);
    }
}
