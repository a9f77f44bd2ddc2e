using System.Collections.Immutable;
using System.Reflection;
using Gateway.Policies.Expressions.Api;

namespace Gateway.Policies.Expressions.Programs;

/// <summary>A loaded program: the compiled expressions of one API, in a load context of their own.</summary>
public sealed class ExpressionProgram : IExpressionSlots
{
    /// <summary>The class that holds the expressions; the method of slot <c>n</c> is <c>S</c><i>n</i>.</summary>
    public const string TypeName = "Expressions";

    private readonly ProgramLoadContext _context;
    private readonly Dictionary<string, MethodInfo> _methods;

    private ExpressionProgram(string key, ProgramLoadContext context, Type type)
    {
        Key = key;
        _context = context;
        _methods = type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly).ToDictionary(method => method.Name, StringComparer.Ordinal);
    }

    /// <summary>The key that it was loaded under.</summary>
    public string Key { get; }

    /// <summary>What holds the program's code; when it is collected, the memory is free.</summary>
    internal object Context => _context;

    /// <summary>Checks the image, loads it and finds its expressions. None of its code runs.</summary>
    /// <param name="key">Names the program in messages and diagnostics.</param>
    /// <param name="image">What the compiler gave.</param>
    /// <exception cref="FormatException">The image is none of an expression program, or names something that expressions may not use.</exception>
    public static ExpressionProgram Load(string key, ReadOnlySpan<byte> image)
    {
        var bytes = ImmutableArray.Create(image);
        if (ProgramGate.Check(bytes) is [var finding, ..])
        {
            throw new FormatException($"The program {key} is refused: {finding.Message}");
        }

        var context = new ProgramLoadContext(key);
        try
        {
            using var stream = new MemoryStream(bytes.ToArray(), writable: false);
            return new(key, context, context.LoadFromStream(stream).GetType(TypeName, throwOnError: true)!);
        }
        catch (Exception exception) when (exception is BadImageFormatException or FileLoadException or FileNotFoundException or TypeLoadException)
        {
            context.Unload();
            throw new FormatException($"The program {key} cannot be loaded: {exception.Message}", exception);
        }
    }

    /// <inheritdoc/>
    public Type? ResultOf(int slot) => Method(slot).ReturnType;

    /// <inheritdoc/>
    public Func<IExpressionContext, T> Bind<T>(int slot) => SlotBinding.Bind<T>(Method(slot));

    /// <summary>
    /// Gives the program's memory back as soon as no delegate of it is held and none is running. Delegates that are still held go on working.
    /// </summary>
    public void Unload()
    {
        _methods.Clear();
        _context.Unload();
    }

    private MethodInfo Method(int slot) =>
        _methods.GetValueOrDefault($"S{slot}") ?? throw new FormatException($"The program {Key} has no expression {slot}.");
}
