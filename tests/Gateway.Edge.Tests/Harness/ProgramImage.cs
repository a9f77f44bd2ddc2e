using System.Reflection;
using System.Reflection.Emit;
using Gateway.Contracts.Publications;
using Gateway.Policies.Expressions.Api;
using Gateway.Policies.Expressions.Programs;

namespace Gateway.Edge.Tests.Harness;

/// <summary>Makes programs whose expressions are constants.</summary>
internal static class ProgramImage
{
    /// <summary>A program whose slot <c>n</c> gives the <c>n</c>th text.</summary>
    public static ProgramChunk Of(string key, int abi, params string[] texts)
    {
        var assembly = new PersistedAssemblyBuilder(new AssemblyName($"program-{key}"), typeof(object).Assembly);
        var type = assembly.DefineDynamicModule(key).DefineType(ExpressionProgram.TypeName, TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed);
        foreach (var (slot, text) in texts.Index())
        {
            var method = type.DefineMethod($"S{slot}", MethodAttributes.Public | MethodAttributes.Static, typeof(string), [typeof(IExpressionContext)]);
            var il = method.GetILGenerator();
            il.Emit(OpCodes.Ldstr, text);
            il.Emit(OpCodes.Ret);
        }

        type.CreateType();
        using var image = new MemoryStream();
        assembly.Save(image);
        return new ProgramChunk { Key = key, Abi = abi, Image = image.ToArray() };
    }
}
