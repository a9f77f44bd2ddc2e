using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Gateway.Policies.Expressions.Programs;

/// <summary>
/// Decides whether an image may be loaded, by its metadata and code alone: nothing of it runs or is resolved. Everything that the image
/// names must be on the list, and it may hold nothing but what expressions are compiled to.
/// </summary>
internal sealed class ProgramGate
{
    /// <summary>The largest image.</summary>
    public const int MaximumBytes = 32 << 20;

    private static readonly TypeNames _names = new();
    private readonly MetadataReader _metadata;
    private readonly PEReader _image;
    private readonly List<GateFinding> _findings = [];
    private readonly Dictionary<int, int?> _users = [];

    private ProgramGate(PEReader image)
    {
        _image = image;
        _metadata = image.GetMetadataReader();
    }

    /// <summary>Everything that is wrong with an image; empty when it may be loaded.</summary>
    public static IReadOnlyList<GateFinding> Check(ImmutableArray<byte> image)
    {
        if (image.Length > MaximumBytes)
        {
            return [new(null, $"A program may have {MaximumBytes >> 20} MB at most.")];
        }

        try
        {
            using var reader = new PEReader(image);
            var gate = new ProgramGate(reader);
            gate.Check();
            return gate._findings;
        }
        catch (Exception exception) when (exception is BadImageFormatException or InvalidOperationException or InvalidCastException or ArgumentException or OverflowException or IndexOutOfRangeException)
        {
            return [new(null, exception is BadImageFormatException ? exception.Message : "The image is damaged.")];
        }
    }

    private void Check()
    {
        CheckHeaders();
        CheckDefinitions();
        CheckCode();
        CheckReferences();
    }

    private void CheckHeaders()
    {
        var cor = _image.PEHeaders.CorHeader ?? throw new BadImageFormatException("The image is no assembly.");
        Refuse((cor.Flags & CorFlags.ILOnly) == 0 || cor.EntryPointTokenOrRelativeVirtualAddress != 0 || cor.VtableFixupsDirectory.Size != 0
            || cor.ManagedNativeHeaderDirectory.Size != 0 || cor.ExportAddressTableJumpsDirectory.Size != 0, "The image holds native code or an entry point.");
        Refuse(!_metadata.IsAssembly, "The image is no assembly.");
        foreach (var (table, what) in ((TableIndex, string)[])[
            (TableIndex.ModuleRef, "other modules"), (TableIndex.ImplMap, "calls of native code"), (TableIndex.File, "files"), (TableIndex.ExportedType, "forwarded types"),
            (TableIndex.ManifestResource, "resources"), (TableIndex.DeclSecurity, "security declarations"), (TableIndex.FieldLayout, "fields at offsets"),
            (TableIndex.FieldMarshal, "marshalling"), (TableIndex.Event, "events")])
        {
            Refuse(_metadata.GetTableRowCount(table) > 0, $"The image holds {what}.");
        }

        foreach (var handle in _metadata.AssemblyReferences)
        {
            var name = _metadata.GetString(_metadata.GetAssemblyReference(handle).Name);
            Refuse(name is not ("Newtonsoft.Json" or "Gateway.Policies") && !name.StartsWith("System.", StringComparison.Ordinal), $"The assembly '{name}' may not be used.");
        }
    }

    private void CheckDefinitions()
    {
        var programs = 0;
        foreach (var handle in _metadata.TypeDefinitions)
        {
            var type = _metadata.GetTypeDefinition(handle);
            var name = _metadata.GetString(type.Name);
            var isProgram = name == ExpressionProgram.TypeName && type.Namespace.IsNil && type.GetDeclaringType().IsNil;
            programs += isProgram ? 1 : 0;
            Refuse(!isProgram && name.Length > 0 && name[0] is not '<' && !name.StartsWith("__StaticArrayInitTypeSize=", StringComparison.Ordinal), $"The image holds the type '{name}'.");
            Refuse(!isProgram && (type.Attributes & TypeAttributes.VisibilityMask) == TypeAttributes.Public, $"The type '{name}' is public.");
            Refuse((type.Attributes & TypeAttributes.LayoutMask) == TypeAttributes.ExplicitLayout && type.GetFields().Count > 0, $"The type '{name}' has a layout of its own.");
            Refuse(name == "<Module>" && type.GetMethods().Count + type.GetFields().Count > 0, "The module has code of its own.");
            foreach (var field in type.GetFields().Select(_metadata.GetFieldDefinition))
            {
                field.DecodeSignature(_names, null);
                Refuse(isProgram, "The program has fields.");
            }

            foreach (var method in type.GetMethods())
            {
                CheckMethod(_metadata.GetMethodDefinition(method), isProgram);
            }
        }

        Refuse(programs != 1, "The image holds no program.");
    }

    private void CheckMethod(MethodDefinition method, bool isInProgram)
    {
        const MethodImplAttributes Allowed = MethodImplAttributes.NoOptimization | MethodImplAttributes.NoInlining;
        var name = _metadata.GetString(method.Name);
        var signature = method.DecodeSignature(_names, null);
        Refuse((method.Attributes & (MethodAttributes.PinvokeImpl | MethodAttributes.UnmanagedExport)) != 0 || (method.ImplAttributes & ~Allowed) != 0
            || signature.Header.CallingConvention != SignatureCallingConvention.Default, $"The method '{name}' is not plain code.", SlotOf(method));
        Refuse(signature.ReturnType.EndsWith('&'), $"The method '{name}' gives a reference.", SlotOf(method));
        Refuse(isInProgram && name == ".cctor", "The program runs code before its first expression.");
        Refuse(isInProgram && (method.Attributes & MethodAttributes.MemberAccessMask) == MethodAttributes.Public
            && !(name.Length > 1 && name[0] == 'S' && name.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0 && (method.Attributes & MethodAttributes.Static) != 0
                && signature.ParameterTypes is [$"{AllowList.ApiNamespace}.{nameof(Api.IExpressionContext)}"]), $"The method '{name}' is no expression.");
    }

    /// <summary>Reads the code of every method: refuses what is no part of safe C#, and notes which expression uses what.</summary>
    private void CheckCode()
    {
        foreach (var handle in _metadata.MethodDefinitions)
        {
            var method = _metadata.GetMethodDefinition(handle);
            if (method.RelativeVirtualAddress == 0)
            {
                Refuse((method.Attributes & MethodAttributes.Abstract) == 0, $"The method '{_metadata.GetString(method.Name)}' has no code.");
                continue;
            }

            var slot = SlotOf(method);
            var body = _image.GetMethodBody(method.RelativeVirtualAddress);
            if (!body.LocalSignature.IsNil)
            {
                foreach (var local in _metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(_names, null))
                {
                    Refuse(local is "System.IntPtr" or "System.UIntPtr", "Native integers are not allowed.", slot);
                }
            }

            foreach (var region in body.ExceptionRegions)
            {
                Refuse(region.Kind is ExceptionRegionKind.Filter || (region.Kind is ExceptionRegionKind.Fault && !IsCompilers(method)), "Filters of exceptions are not allowed.", slot);
            }

            var refused = InstructionScan.Run(body.GetILReader(), token => _users.TryAdd(token, slot));
            Refuse(refused is not null, $"The instruction '{refused}' is not allowed.", slot);
        }
    }

    private void CheckReferences()
    {
        foreach (var handle in _metadata.TypeReferences)
        {
            var type = TypeNames.Of(_metadata, handle);
            Refuse(_metadata.GetTypeReference(handle).ResolutionScope.Kind is not (HandleKind.AssemblyReference or HandleKind.TypeReference), $"The type '{type}' is in another module.");
            Refuse(!AllowList.Instance.Names(type), $"The type '{type}' may not be used.", UserOf(handle));
        }

        for (var row = 1; row <= _metadata.GetTableRowCount(TableIndex.TypeSpec); row++)
        {
            _metadata.GetTypeSpecification(MetadataTokens.TypeSpecificationHandle(row)).DecodeSignature(_names, null);
        }

        foreach (var handle in _metadata.MemberReferences)
        {
            CheckMember(handle);
        }

        for (var row = 1; row <= _metadata.GetTableRowCount(TableIndex.MethodSpec); row++)
        {
            var handle = MetadataTokens.MethodSpecificationHandle(row);
            var specification = _metadata.GetMethodSpecification(handle);
            var arguments = specification.DecodeSignature(_names, null);
            if (specification.Method.Kind == HandleKind.MemberReference && Use((MemberReferenceHandle)specification.Method, out var member) is { } use && use.HasFlag(AllowedUse.JsonTypes))
            {
                Refuse(!arguments.All(JsonTypes.Allows), $"'{member}' may not be used with '{string.Join(", ", arguments)}'.", UserOf(handle));
            }
        }

        foreach (var attribute in _metadata.CustomAttributes.Select(_metadata.GetCustomAttribute))
        {
            Refuse(attribute.Constructor.Kind != HandleKind.MemberReference, "Attributes of its own are not allowed.");
        }
    }

    private void CheckMember(MemberReferenceHandle handle)
    {
        var use = Use(handle, out var member);
        Refuse(use is null, $"'{member}' may not be used.", UserOf(handle));
        Refuse(use?.HasFlag(AllowedUse.Guarded) == true, $"'{member}' may not be used in this way.", UserOf(handle));
    }

    /// <summary>How a member that the image names may be used; null when it may not.</summary>
    private AllowedUse? Use(MemberReferenceHandle handle, out string member)
    {
        var reference = _metadata.GetMemberReference(handle);
        var name = _metadata.GetString(reference.Name);
        var parent = reference.Parent.Kind switch
        {
            HandleKind.TypeReference => TypeNames.Of(_metadata, (TypeReferenceHandle)reference.Parent),
            HandleKind.TypeSpecification => TypeNames.Outermost(_metadata.GetTypeSpecification((TypeSpecificationHandle)reference.Parent).DecodeSignature(_names, null)),
            _ => throw new BadImageFormatException($"The member '{name}' belongs to nothing that is allowed."),
        };
        var parameters = "";
        if (reference.GetKind() == MemberReferenceKind.Method)
        {
            var signature = reference.DecodeMethodSignature(_names, null);
            parameters = string.Join(',', signature.ParameterTypes);
            Refuse(signature.Header.CallingConvention != SignatureCallingConvention.Default, $"'{name}' is called in a way that is not allowed.", UserOf(handle));
        }
        else
        {
            reference.DecodeFieldSignature(_names, null);
        }

        member = $"{parent}.{name}";
        return parent.StartsWith("own:", StringComparison.Ordinal) || AllowList.IsRuntime(parent) ? AllowedUse.Plain : AllowList.Instance.Find(parent, name, parameters);
    }

    private int? UserOf(EntityHandle handle)
    {
        if (_users.TryGetValue(MetadataTokens.GetToken(handle), out var slot))
        {
            return slot;
        }

        // Only as part of something else: a generic method's instance, or a member of a type.
        for (var row = 1; row <= _metadata.GetTableRowCount(TableIndex.MethodSpec); row++)
        {
            var specification = MetadataTokens.MethodSpecificationHandle(row);
            if (_metadata.GetMethodSpecification(specification).Method == handle && _users.TryGetValue(MetadataTokens.GetToken(specification), out slot))
            {
                return slot;
            }
        }

        return null;
    }

    /// <summary>The expression that a method was made for: compilers keep the name of the outermost method in those of its parts.</summary>
    private int? SlotOf(MethodDefinition method) =>
        SlotIn(_metadata.GetString(method.Name)) ?? SlotIn(_metadata.GetString(_metadata.GetTypeDefinition(method.GetDeclaringType()).Name));

    private static int? SlotIn(string name)
    {
        var digits = name.AsSpan(name.LastIndexOf('<') + 1);
        if (digits.Length < 2 || digits[0] != 'S')
        {
            return null;
        }

        var end = digits[1..].IndexOfAnyExceptInRange('0', '9');
        return int.TryParse(end < 0 ? digits[1..] : digits[1..(end + 1)], out var slot) ? slot : null;
    }

    private bool IsCompilers(MethodDefinition method) => _metadata.GetString(_metadata.GetTypeDefinition(method.GetDeclaringType()).Name).StartsWith('<');

    private void Refuse(bool isWrong, string message, int? slot = null)
    {
        if (isWrong)
        {
            _findings.Add(new(slot, message));
        }
    }
}
