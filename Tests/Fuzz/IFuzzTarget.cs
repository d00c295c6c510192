namespace Mcptt.Fuzz;

/// <summary>Something that reads what a stranger sent. Every implementation in this assembly is run, with a constructor without parameters.</summary>
public interface IFuzzTarget
{
    string Name { get; }

    /// <summary>Well-formed inputs that the mutations start from; the files under Tests/Corpus are the natural ones.</summary>
    IEnumerable<byte[]> Seeds();

    /// <summary>Null: all well. Else which law was broken. An exception is a failure too.</summary>
    string? Check(byte[] input);
}
