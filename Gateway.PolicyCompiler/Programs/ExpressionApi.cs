using Gateway.Policies.Expressions;
using Gateway.Policies.Expressions.Api;
using Microsoft.CodeAnalysis;
using Newtonsoft.Json.Linq;

namespace Gateway.PolicyCompiler.Programs;

/// <summary>An API that expressions are compiled against: its number and the assemblies that make it up. Costly to make: make each once and keep it.</summary>
public sealed class ExpressionApi
{
    private static readonly Lazy<ExpressionApi> _current = new(() => new(ExpressionAbi.Current, Assemblies()));

    /// <summary>An API of its own number.</summary>
    /// <param name="abi">The number, from 1.</param>
    /// <param name="assemblies">The paths of its assemblies: those of the runtime, JSON, and the one with the API itself.</param>
    public ExpressionApi(int abi, IEnumerable<string> assemblies)
    {
        Abi = abi;
        References = [.. assemblies.Select(path => (MetadataReference)MetadataReference.CreateFromFile(path))];
        Base = new(this);
    }

    /// <summary>The API of this version.</summary>
    public static ExpressionApi Current => _current.Value;

    /// <summary>Its number; see <see cref="ExpressionAbi"/>.</summary>
    public int Abi { get; }

    /// <summary>What expressions are compiled against.</summary>
    internal IReadOnlyList<MetadataReference> References { get; }

    /// <summary>The expressions that were checked for this API.</summary>
    internal CheckedExpressions Checked { get; } = new();

    /// <summary>What all compilations for this API begin with, so that its assemblies are read once.</summary>
    internal ProgramBase Base { get; }

    /// <summary>The paths of the assemblies of this version's API, as this process has loaded them.</summary>
    public static IEnumerable<string> Assemblies()
    {
        var runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        return ((string[])[
            "System.Private.CoreLib", "System.Runtime", "System.Collections", "System.Linq", "System.Linq.Expressions", "System.Memory", "System.Net.Primitives", "System.ObjectModel",
            "System.ComponentModel", "System.ComponentModel.Primitives", "System.ComponentModel.TypeConverter", "System.Private.Uri", "System.Private.Xml",
            "System.Private.Xml.Linq", "System.Xml.ReaderWriter", "System.Xml.XDocument", "System.Text.RegularExpressions", "System.Security.Cryptography", "System.Runtime.Extensions",
            "System.Runtime.InteropServices", "System.Runtime.Numerics", "System.Runtime.Serialization.Primitives", "System.Runtime.Serialization.Formatters"])
            .Select(name => Path.Combine(runtime, $"{name}.dll"))
            .Append(typeof(JObject).Assembly.Location)
            .Append(typeof(IExpressionContext).Assembly.Location);
    }
}
