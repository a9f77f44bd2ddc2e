using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.CodeAnalysis;

namespace Gateway.PolicyCompiler.Programs;

/// <summary>
/// What was checked for one API before: a document is checked when it is saved, and again become its expressions part of the program of
/// their API. Binding them costs as much as compiling them, and is the same both times.
/// </summary>
internal sealed class CheckedExpressions
{
    // Characters of texts. Each takes some tens of bytes as syntax; beyond it the memory starts anew, which costs time only.
    private const int MaximumLength = 512 * 1024;
    private const int MaximumImages = 4 * 1024 * 1024;

    private readonly ConcurrentDictionary<string, CheckedExpression> _expressions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte[]> _images = new(StringComparer.Ordinal);
    private int _length;
    private int _imageBytes;
    private long _bound;

    /// <summary>How many expressions were bound, those with errors included.</summary>
    public long Bound => Interlocked.Read(ref _bound);

    /// <summary>An expression that was compiled without a finding; null for any other.</summary>
    public CheckedExpression? Find(string text) => _expressions.GetValueOrDefault(text);

    /// <summary>Remembers an expression that was compiled without a finding.</summary>
    public void Keep(string text, CheckedExpression expression)
    {
        if (!_expressions.TryAdd(text, expression))
        {
            return;
        }

        if (Interlocked.Add(ref _length, text.Length) > MaximumLength)
        {
            _expressions.Clear();
            Interlocked.Exchange(ref _length, 0);
        }
    }

    /// <summary>Keeps the image of expressions that are checked: they may be all that their API has.</summary>
    public void KeepImage(string key, byte[] image)
    {
        if (Interlocked.Add(ref _imageBytes, image.Length) > MaximumImages)
        {
            _images.Clear();
            Interlocked.Exchange(ref _imageBytes, image.Length);
        }

        _images[key] = image;
    }

    /// <summary>Gives an image away.</summary>
    public bool TryTakeImage(string key, [NotNullWhen(true)] out byte[]? image)
    {
        var isTaken = _images.TryRemove(key, out image);
        if (isTaken)
        {
            Interlocked.Add(ref _imageBytes, -image!.Length);
        }

        return isTaken;
    }

    /// <summary>Counts expressions that are bound now.</summary>
    public void Count(int bound) => Interlocked.Add(ref _bound, bound);
}

/// <summary>An expression that was checked.</summary>
/// <param name="Result">The type of its value.</param>
/// <param name="ResultText">The same as C# writes it.</param>
/// <param name="Charged">The expression or block with its charges.</param>
internal sealed record CheckedExpression(Type Result, string ResultText, SyntaxNode Charged);
