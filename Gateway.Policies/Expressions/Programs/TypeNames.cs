using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace Gateway.Policies.Expressions.Programs;

/// <summary>Writes the types of signatures as text and refuses those that no expression needs: pointers, and types with modifiers.</summary>
internal sealed class TypeNames : ISignatureTypeProvider<string, object?>
{
    public static string Of(MetadataReader metadata, TypeReferenceHandle handle)
    {
        var type = metadata.GetTypeReference(handle);
        var name = metadata.GetString(type.Name);
        return type.ResolutionScope.Kind == HandleKind.TypeReference
            ? $"{Of(metadata, (TypeReferenceHandle)type.ResolutionScope)}+{name}"
            : $"{metadata.GetString(type.Namespace)}.{name}";
    }

    /// <summary>A generic type or an element type without what it is made with.</summary>
    public static string Outermost(string type)
    {
        var end = type.IndexOf('<', StringComparison.Ordinal);
        return end <= 0 ? type : type[..end];
    }

    public string GetArrayType(string elementType, ArrayShape shape) => throw new BadImageFormatException("Arrays of more than one dimension are not allowed.");

    public string GetByReferenceType(string elementType) => $"{elementType}&";

    public string GetFunctionPointerType(MethodSignature<string> signature) => throw new BadImageFormatException("Function pointers are not allowed.");

    public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) => $"{genericType}<{string.Join(',', typeArguments)}>";

    public string GetGenericMethodParameter(object? genericContext, int index) => $"!!{index}";

    public string GetGenericTypeParameter(object? genericContext, int index) => $"!{index}";

    public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => throw new BadImageFormatException("Modified types are not allowed.");

    public string GetPinnedType(string elementType) => throw new BadImageFormatException("Pinned variables are not allowed.");

    public string GetPointerType(string elementType) => throw new BadImageFormatException("Pointers are not allowed.");

    public string GetPrimitiveType(PrimitiveTypeCode typeCode) => typeCode == PrimitiveTypeCode.TypedReference
        ? throw new BadImageFormatException("Typed references are not allowed.")
        : $"System.{typeCode}";

    public string GetSZArrayType(string elementType) => $"{elementType}[]";

    public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) =>
        $"own:{reader.GetString(reader.GetTypeDefinition(handle).Name)}";

    public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => Of(reader, handle);

    public string GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);
}
