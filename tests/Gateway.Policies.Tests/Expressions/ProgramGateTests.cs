using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Gateway.Policies.Expressions.Programs;
using Gateway.Policies.Expressions.Runtime;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Gateway.Policies.Tests.Expressions;

public sealed class ProgramGateTests
{
    private static readonly Dictionary<string, Func<byte[]>> _images = new()
    {
        ["File.ReadAllText"] = () => Calling(typeof(File), nameof(File.ReadAllText), typeof(string)),
        ["File.Exists as a delegate"] = () => HandMadeImage.Make(il =>
        {
            il.Emit(OpCodes.Ldftn, typeof(File).GetMethod(nameof(File.Exists))!);
            il.Emit(OpCodes.Pop);
        }),
        ["Environment.Exit"] = () => Calling(typeof(Environment), nameof(Environment.Exit), typeof(int)),
        ["Environment.GetEnvironmentVariable"] = () => Calling(typeof(Environment), nameof(Environment.GetEnvironmentVariable), typeof(string)),
        ["Object.GetType"] = () => Calling(typeof(object), nameof(GetType)),
        ["Object.MemberwiseClone"] = () => Calling(typeof(object), "MemberwiseClone"),
        ["Type.GetType"] = () => Calling(typeof(Type), nameof(Type.GetType), typeof(string)),
        ["Activator"] = () => Calling(typeof(Activator), nameof(Activator.CreateInstance), typeof(Type)),
        ["Delegate.DynamicInvoke"] = () => Calling(typeof(Delegate), nameof(Delegate.DynamicInvoke), typeof(object[])),
        ["Delegate.Combine"] = () => Calling(typeof(Delegate), nameof(Delegate.Combine), typeof(Delegate), typeof(Delegate)),
        ["String.Intern"] = () => Calling(typeof(string), nameof(string.Intern), typeof(string)),
        ["String.PadLeft, not charged"] = () => Calling(typeof(string), nameof(string.PadLeft), typeof(int)),
        ["Regex.IsMatch, without a time-out"] = () => Calling(typeof(Regex), nameof(Regex.IsMatch), typeof(string), typeof(string)),
        ["JToken.Parse, not charged"] = () => Calling(typeof(JToken), nameof(JToken.Parse), typeof(string)),
        ["JsonConvert.DefaultSettings"] = () => Calling(typeof(JsonConvert), "get_DefaultSettings"),
        ["Budget.Begin"] = () => HandMadeImage.Make(more: (_, _) => { }, code: il =>
        {
            il.Emit(OpCodes.Ldnull);
            il.Emit(OpCodes.Newobj, typeof(Gateway.Policies.Expressions.Budgets.ExpressionBudget).GetConstructors()[0]);
            il.Emit(OpCodes.Pop);
        }),
        ["a type argument that JSON may not become"] = () => HandMadeImage.Make(il =>
        {
            il.Emit(OpCodes.Ldnull);
            il.Emit(OpCodes.Ldnull);
            il.Emit(OpCodes.Callvirt, typeof(JToken).GetMethod(nameof(JToken.Value))!.MakeGenericMethod(typeof(Regex)));
            il.Emit(OpCodes.Pop);
        }),
        ["calli"] = () => HandMadeImage.Make(il => il.EmitCalli(OpCodes.Calli, CallingConventions.Standard, typeof(void), Type.EmptyTypes, null)),
        ["calli of native code"] = () => HandMadeImage.Make(il => il.EmitCalli(OpCodes.Calli, CallingConvention.Cdecl, typeof(void), Type.EmptyTypes)),
        ["localloc"] = () => HandMadeImage.Make(il =>
        {
            il.Emit(OpCodes.Ldc_I4, 100);
            il.Emit(OpCodes.Localloc);
            il.Emit(OpCodes.Pop);
        }),
        ["cpblk"] = () => HandMadeImage.Make(il => il.Emit(OpCodes.Cpblk)),
        ["jmp"] = () => HandMadeImage.Make(il => il.Emit(OpCodes.Jmp, typeof(object).GetMethod(nameof(ReferenceEquals))!)),
        ["ldtoken of a type"] = () => HandMadeImage.Make(il =>
        {
            il.Emit(OpCodes.Ldtoken, typeof(string));
            il.Emit(OpCodes.Pop);
        }),
        ["a pointer"] = () => HandMadeImage.Make(il => il.DeclareLocal(typeof(int).MakePointerType())),
        ["a pinned variable"] = () => HandMadeImage.Make(il => il.DeclareLocal(typeof(string), pinned: true)),
        ["a native integer"] = () => HandMadeImage.Make(il => il.DeclareLocal(typeof(nint))),
        ["a matrix"] = () => HandMadeImage.Make(il => il.DeclareLocal(typeof(int[,]))),
        ["native code"] = () => HandMadeImage.Make(more: (_, type) => type.DefinePInvokeMethod(
            "getpid", "libc", MethodAttributes.Private | MethodAttributes.Static, CallingConventions.Standard, typeof(int), Type.EmptyTypes, CallingConvention.Cdecl, CharSet.Ansi)),
        ["code of the runtime"] = () => HandMadeImage.Make(more: (_, type) =>
            type.DefineMethod("F", MethodAttributes.Private | MethodAttributes.Static).SetImplementationFlags(MethodImplAttributes.InternalCall)),
        ["a synchronised method"] = () => HandMadeImage.Make(more: (_, type) =>
        {
            var method = type.DefineMethod("F", MethodAttributes.Private | MethodAttributes.Static);
            method.SetImplementationFlags(MethodImplAttributes.Synchronized);
            method.GetILGenerator().Emit(OpCodes.Ret);
        }),
        ["another public method"] = () => HandMadeImage.Make(more: (_, type) =>
            type.DefineMethod("Run", MethodAttributes.Public | MethodAttributes.Static).GetILGenerator().Emit(OpCodes.Ret)),
        ["a method that is no expression"] = () => HandMadeImage.Make(method: "S0x"),
        ["an expression of something else"] = () => HandMadeImage.Make(parameter: typeof(object)),
        ["a static field"] = () => HandMadeImage.Make(more: (_, type) => type.DefineField("f", typeof(int), FieldAttributes.Public | FieldAttributes.Static)),
        ["a static constructor"] = () => HandMadeImage.Make(more: (_, type) => type.DefineTypeInitializer().GetILGenerator().Emit(OpCodes.Ret)),
        ["a module initialiser"] = () => HandMadeImage.Make(more: (module, _) =>
        {
            module.DefineGlobalMethod(".cctor", MethodAttributes.Private | MethodAttributes.Static | MethodAttributes.SpecialName | MethodAttributes.RTSpecialName, null, null)
                .GetILGenerator().Emit(OpCodes.Ret);
            module.CreateGlobalFunctions();
        }),
        ["another type"] = () => HandMadeImage.Make(more: (module, _) => module.DefineType("Other").CreateType()),
        ["another type with a name like a compiler's"] = () => HandMadeImage.Make(more: (module, _) => module.DefineType("<Other>", TypeAttributes.Public).CreateType()),
        ["a type that takes after another"] = () => HandMadeImage.Make(more: (module, _) => module.DefineType("<Other>", TypeAttributes.NotPublic, typeof(Stream)).CreateType()),
        ["fields that lie over each other"] = () => HandMadeImage.Make(more: (module, _) =>
        {
            var other = module.DefineType("<Other>", TypeAttributes.ExplicitLayout | TypeAttributes.Sealed, typeof(ValueType));
            other.DefineField("a", typeof(object), FieldAttributes.Public).SetOffset(0);
            other.DefineField("b", typeof(string), FieldAttributes.Public).SetOffset(0);
            other.CreateType();
        }),
        ["an attribute"] = () => HandMadeImage.Make(more: (_, type) =>
            type.SetCustomAttribute(new CustomAttributeBuilder(typeof(ObsoleteAttribute).GetConstructor(Type.EmptyTypes)!, []))),
        ["a filter"] = () => HandMadeImage.Make(il =>
        {
            il.BeginExceptionBlock();
            il.BeginExceptFilterBlock();
            il.Emit(OpCodes.Pop);
            il.Emit(OpCodes.Ldc_I4_0);
            il.BeginCatchBlock(null!);
            il.Emit(OpCodes.Pop);
            il.EndExceptionBlock();
        }),
        ["another module"] = () => HandMadeImage.Make(metadata: metadata => metadata.AddModuleReference(metadata.GetOrAddString("other"))),
        ["a forwarded type"] = () => HandMadeImage.Make(metadata: metadata => metadata.AddExportedType(
            default, metadata.GetOrAddString("System"), metadata.GetOrAddString("Other"), MetadataTokens.AssemblyReferenceHandle(1), 0)),
        ["a resource"] = () => HandMadeImage.Make(metadata: metadata => metadata.AddManifestResource(default, metadata.GetOrAddString("r"), default, 0)),
        ["a file"] = () => HandMadeImage.Make(metadata: metadata => metadata.AddAssemblyFile(metadata.GetOrAddString("f"), default, true)),
        ["another assembly"] = () => HandMadeImage.Make(metadata: metadata => metadata.AddAssemblyReference(
            metadata.GetOrAddString("Gateway.Edge"), new Version(1, 0, 0, 0), default, default, default, default)),
        ["a listed name in another module"] = () => HandMadeImage.Make(metadata: metadata => metadata.AddTypeReference(
            EntityHandle.ModuleDefinition, metadata.GetOrAddString("System"), metadata.GetOrAddString("String"))),
        ["a member of nothing"] = () => HandMadeImage.Make(metadata: metadata => metadata.AddMemberReference(
            MetadataTokens.MethodDefinitionHandle(1), metadata.GetOrAddString("f"), default)),
        ["no program"] = () => [0x4D, 0x5A, 0, 0],
        ["nothing"] = () => [],
    };

    public static TheoryData<string> Images => [.. _images.Keys];

    [Theory]
    [MemberData(nameof(Images))]
    public void Image_ThatNoCompilerOfOursMakes_IsRefused(string what) =>
        Assert.Contains("refused", Assert.Throws<FormatException>(() => ExpressionProgram.Load(what, _images[what]())).Message, StringComparison.Ordinal);

    [Fact]
    public void Image_OfOneExpression_Loads()
    {
        var program = ExpressionProgram.Load("plain", HandMadeImage.Make());

        Assert.Equal(1, program.Bind<int>(0)(StubContext.Create()));
        program.Unload();
    }

    [Fact]
    public void Finding_NamesTheExpression()
    {
        var image = HandMadeImage.Make(il => il.Emit(OpCodes.Call, typeof(Environment).GetProperty(nameof(Environment.NewLine))!.GetMethod!), method: "S7");

        Assert.Contains(ProgramGate.Check(ImmutableArray.Create(image)), finding => finding.Slot == 7);
    }

    [Fact]
    public void DamagedImages_AreRefusedOrHarmless()
    {
        var image = Programs.Compile("@(new[] { 1, 2 }.Select(n => n + 1).Sum())", "@(context.RequestId.ToString() + 1)").Image!;
        var random = new Random(7);
        var refused = 0;
        for (var i = 0; i < 3000; i++)
        {
            var damaged = (byte[])image.Clone();
            for (var n = random.Next(1, 6); n > 0; n--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            // Nothing but findings comes of it, whatever was damaged.
            refused += ProgramGate.Check(ImmutableArray.Create(damaged, 0, random.Next(4) == 0 ? random.Next(damaged.Length) : damaged.Length)).Count > 0 ? 1 : 0;
        }

        Assert.InRange(refused, 750, 3000);
    }

    [Fact]
    public void Runtime_IsTheOnlyWayToWhatIsGuarded()
    {
        // Each member that is replaced has a member that stands in: an expression that uses it compiles.
        var runtime = typeof(Budget).Assembly.GetExportedTypes().Where(type => type.Namespace == AllowList.RuntimeNamespace).ToList();
        var guards = runtime.SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static)).Select(method => method.Name).ToHashSet();
        var missing = from type in AllowList.Instance.Types
                      from member in AllowList.Instance.Members(type)
                      where (member.Allowed.Use & (AllowedUse.Guarded | AllowedUse.Replaced)) != 0
                      let name = member.Member.EndsWith('=') ? $"Set{member.Member[..^1].Replace("Item", "", StringComparison.Ordinal)}" : member.Member == "new" ? "New" : member.Member
                      where !guards.Contains(name) && !guards.Contains($"Charged{name}")
                      select $"{type}.{member.Member}";

        Assert.Empty(missing);
    }

    [Fact]
    public void List_NamesOnlyWhatExists()
    {
        Assembly[] assemblies = [typeof(object).Assembly, typeof(Uri).Assembly, typeof(Regex).Assembly, typeof(JToken).Assembly, typeof(List<>).Assembly, typeof(HashSet<>).Assembly,
            typeof(Queue<>).Assembly, typeof(Stack<>).Assembly, typeof(Enumerable).Assembly, typeof(System.Net.IPAddress).Assembly, typeof(System.Security.Cryptography.RSA).Assembly,
            typeof(System.Xml.XmlNodeType).Assembly, typeof(System.Xml.Linq.XElement).Assembly, typeof(System.Net.WebUtility).Assembly, typeof(System.Xml.XmlReader).Assembly];
        const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.FlattenHierarchy;
        var wrong = from name in AllowList.Instance.Types
                    let type = assemblies.Select(assembly => assembly.GetType(name)).FirstOrDefault(type => type is not null)
                    let members = type?.GetMembers(All).Select(member => member.Name).Concat(type.GetInterfaces().SelectMany(i => i.GetMembers()).Select(member => member.Name)).ToHashSet()
                    from member in type is null ? [""] : AllowList.Instance.Members(name).Select(member => member.Member).Where(member => member is not "*").Distinct()
                    let plain = member == "new" ? ".ctor" : member.TrimEnd('=')
                    where members is null || !members.Contains(plain)
                    select $"{name}: {member}";

        Assert.Empty(wrong);
    }

    private static byte[] Calling(Type type, string method, params Type[] parameters) => HandMadeImage.Make(il =>
    {
        var called = type.GetMethod(method, BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance, parameters)!;
        for (var i = 0; i < parameters.Length + (called.IsStatic ? 0 : 1); i++)
        {
            il.Emit(OpCodes.Ldnull);
        }

        il.Emit(OpCodes.Call, called);
        if (called.ReturnType != typeof(void))
        {
            il.Emit(OpCodes.Pop);
        }
    });
}
