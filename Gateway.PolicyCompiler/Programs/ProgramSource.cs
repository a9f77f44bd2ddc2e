using System.Security.Cryptography;
using System.Text;

namespace Gateway.PolicyCompiler.Programs;

/// <summary>The distinct expressions of one API, or of the service-wide part: what becomes one program.</summary>
public sealed class ProgramSource
{
    private readonly Dictionary<string, int> _indexes;

    /// <summary>Made from slot texts in any order; equal sets of texts are equal programs.</summary>
    /// <param name="texts">Each with its <c>@(…)</c> or <c>@{…}</c>, named values in place.</param>
    public ProgramSource(IEnumerable<string> texts)
    {
        Slots = [.. texts.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        _indexes = Slots.Select((text, index) => (text, index)).ToDictionary(slot => slot.text, slot => slot.index, StringComparer.Ordinal);
        Key = Hash(Slots);
    }

    /// <summary>The texts in the order of their slots.</summary>
    public IReadOnlyList<string> Slots { get; }

    /// <summary>Names the program apart from the API it is compiled against: a hash of the texts and of the compiler's version.</summary>
    public string Key { get; }

    /// <summary>The slot of a text.</summary>
    public int this[string text] => _indexes[text];

    private static string Hash(IReadOnlyList<string> slots)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{ProgramCompilation.CompilerVersion}\n"));
        foreach (var slot in slots)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{slot.Length}\n{slot}\n"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }
}
