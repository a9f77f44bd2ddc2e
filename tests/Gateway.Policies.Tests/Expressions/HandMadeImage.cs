using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Gateway.Policies.Expressions.Api;

namespace Gateway.Policies.Tests.Expressions;

/// <summary>Images as no compiler of ours makes them.</summary>
internal static class HandMadeImage
{
    /// <summary>An image with one expression, and whatever else is put into it.</summary>
    public static byte[] Make(
        Action<ILGenerator>? code = null, Action<ModuleBuilder, TypeBuilder>? more = null, Action<MetadataBuilder>? metadata = null, string method = "S0", Type? parameter = null)
    {
        var assembly = new PersistedAssemblyBuilder(new AssemblyName("image"), typeof(object).Assembly);
        var module = assembly.DefineDynamicModule("image");
        var type = module.DefineType("Expressions", TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed);
        var expression = type.DefineMethod(method, MethodAttributes.Public | MethodAttributes.Static, typeof(int), [parameter ?? typeof(IExpressionContext)]);
        expression.SetImplementationFlags(MethodImplAttributes.NoOptimization);
        var il = expression.GetILGenerator();
        code?.Invoke(il);
        il.Emit(OpCodes.Ldc_I4_1);
        il.Emit(OpCodes.Ret);
        more?.Invoke(module, type);
        type.CreateType();
        var builder = assembly.GenerateMetadata(out var stream, out var data);
        metadata?.Invoke(builder);
        var image = new BlobBuilder();
        new ManagedPEBuilder(new PEHeaderBuilder(imageCharacteristics: Characteristics.Dll), new MetadataRootBuilder(builder), stream, data).Serialize(image);
        return image.ToArray();
    }
}
