using System.Reflection;
using Gateway.Policies.Expressions.Api;

namespace Gateway.Policies.Tests.Expressions;

/// <summary>A context of given values: members that are not given are null, or the default of their type.</summary>
public class StubContext : DispatchProxy
{
    private readonly Dictionary<string, object?> _members = [];

    public static IExpressionContext Create()
    {
        var lists = new Dictionary<string, string[]>(StringComparer.OrdinalIgnoreCase) { ["X-A"] = ["1", "2"], ["Authorization"] = ["Bearer x"] };
        var url = Of<IUrl>(
            ("Host", "api.example.org"), ("Path", "/orders/7"), ("Scheme", "https"), ("Port", 443), ("QueryString", "?q=1"),
            ("Query", new Dictionary<string, string[]> { ["q"] = ["1"] }), ("ToUri", new Uri("https://api.example.org/orders/7?q=1")), ("ToString", "https://api.example.org/orders/7?q=1"));
        return Of<IExpressionContext>(
            ("RequestId", Guid.Parse("00000000-0000-0000-0000-000000000001")),
            ("Variables", new Dictionary<string, object> { ["name"] = "value", ["count"] = 3, ["flag"] = true, ["response"] = Of<IResponse>(("StatusCode", 200)) }),
            ("Request", Of<IRequest>(
                ("Headers", lists), ("Method", "GET"), ("IpAddress", "127.0.0.1"), ("Url", url), ("OriginalUrl", url), ("Body", Of<IMessageBody>()),
                ("MatchedParameters", new Dictionary<string, string> { ["id"] = "7" }))),
            ("Response", Of<IResponse>(("StatusCode", 404), ("StatusReason", "Not Found"), ("Headers", lists), ("Body", Of<IMessageBody>()))),
            ("Api", Of<IApi>(("Id", "orders"), ("Name", "Orders"), ("Path", "orders"), ("Revision", "1"))),
            ("Operation", Of<IOperation>(("Id", "get"), ("Name", "Get"))),
            ("Deployment", Of<IDeployment>(("Region", "here"), ("ServiceName", "gateway"))),
            ("LastError", Of<ILastError>(("Source", "s"), ("Reason", "r"), ("Message", "m"))),
            ("Subscription", Of<ISubscription>(("Id", "sub"), ("Key", "key"))));
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var name = targetMethod!.Name.StartsWith("get_", StringComparison.Ordinal) ? targetMethod.Name[4..] : targetMethod.Name;
        return _members.TryGetValue(name, out var value) ? value
            : targetMethod.ReturnType.IsValueType && targetMethod.ReturnType != typeof(void) ? Activator.CreateInstance(targetMethod.ReturnType)
            : null;
    }

    private static T Of<T>(params (string Name, object? Value)[] members)
        where T : class
    {
        var proxy = Create<T, StubContext>();
        foreach (var (name, value) in members)
        {
            ((StubContext)(object)proxy)._members[name] = value;
        }

        return proxy;
    }
}
