using System.Collections;
using System.Runtime.CompilerServices;
using Gateway.Policies.Expressions.Programs;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Newtonsoft.Json.Serialization;

namespace Gateway.Policies.Expressions.Runtime;

/// <summary>
/// What may become JSON: plain values, collections, anonymous objects, and what <c>context</c> holds by its interfaces. Of anything else the
/// serialiser would call members that no expression may call.
/// </summary>
internal sealed class PlainContracts : DefaultContractResolver
{
    /// <inheritdoc/>
    public override JsonContract ResolveContract(Type type) => type.IsCollectible ? ProgramValueConverter.Contract(type) : base.ResolveContract(type);

    /// <inheritdoc/>
    protected override JsonContract CreateContract(Type objectType)
    {
        var api = Array.Find(objectType.GetInterfaces(), type => AllowList.IsApi(type.FullName ?? ""));
        var contract = base.CreateContract(api ?? objectType);
        return api is not null || IsPlain(objectType, contract)
            ? contract
            : throw new JsonSerializationException($"A value of the type '{objectType.Name}' may not become JSON.");
    }

    private static bool IsPlain(Type type, JsonContract contract) =>
        contract is JsonPrimitiveContract or JsonLinqContract or JsonArrayContract or JsonDictionaryContract
        || type == typeof(object)
        || type.IsAssignableTo(typeof(JToken))
        || type.IsAssignableTo(typeof(IEnumerable))
        || type.IsAssignableTo(typeof(ITuple))
        || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>))
        || (AllowList.IsApi(type.FullName ?? "") && (type.IsInterface || type.IsSealed));
}
