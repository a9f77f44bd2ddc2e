using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Xml.Linq;
using Fluid.Values;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions.Api;
using Newtonsoft.Json.Linq;

namespace Gateway.Policies.Policies.Transformation.Liquid;

/// <summary>What templates know as <c>context</c>: what expressions know, as far as it is data.</summary>
internal static class LiquidContext
{
    private static readonly LiquidBody s_plain = new(ofResponse: false, parsesDates: false, nilIsNull: false);

    /// <summary>The context of a request.</summary>
    public static FluidValue Of(PolicyContext policies)
    {
        IExpressionContext seen = policies.Expressions;
        return new LiquidNode(name => name switch
        {
            "Request" => OfRequest(policies, seen.Request),
            "Response" => OfResponse(policies, seen.Response),
            "Variables" => new LiquidNode(
                variable => seen.Variables.TryGetValue(variable, out var value) ? Of(value) : null,
                () => seen.Variables.Select(pair => KeyValuePair.Create(pair.Key, Of(pair.Value)))),
            "RequestId" => new StringValue(seen.RequestId.ToString()),
            "Timestamp" => new LiquidDate(policies.Timestamp),
            "Api" when seen.Api is { } api => Texts(("Id", api.Id), ("Name", api.Name), ("Path", api.Path), ("Revision", api.Revision), ("Version", api.Version)),
            "Operation" when seen.Operation is { } operation => Texts(("Id", operation.Id), ("Name", operation.Name), ("Method", operation.Method), ("UrlTemplate", operation.UrlTemplate)),
            "Product" when seen.Product is { } product => Texts(("Id", product.Id), ("Name", product.Name)),
            "Subscription" when seen.Subscription is { } subscription => Texts(("Id", subscription.Id), ("Name", subscription.Name)),
            "User" when seen.User is { } user => Texts(("Id", user.Id), ("Email", user.Email), ("FirstName", user.FirstName), ("LastName", user.LastName)),
            "LastError" when seen.LastError is { } error => Texts(("Source", error.Source), ("Reason", error.Reason), ("Message", error.Message), ("Scope", error.Scope), ("Section", error.Section), ("Path", error.Path), ("PolicyId", error.PolicyId)),
            "Deployment" => Texts(("GatewayId", seen.Deployment.GatewayId), ("Region", seen.Deployment.Region), ("ServiceName", seen.Deployment.ServiceName)),
            _ => null,
        });
    }

    /// <summary>A value as templates see it; nil for what is no data.</summary>
    public static FluidValue Of(object? value) => value switch
    {
        null => NilValue.Instance,
        string text => new StringValue(text),
        bool truth => BooleanValue.Create(truth),
        JToken token => LiquidBody.OfJson(token),
        XDocument { Root: { } root } => s_plain.OfElement(root),
        XElement element => s_plain.OfElement(element),
        DateTime date => new LiquidDate(date),
        DateTimeOffset date => new LiquidDate(date),
        IEnumerable<string> list => new ArrayValue([.. list.Select(text => new StringValue(text))]),
        double or float => new StringValue(((IFormattable)value).ToString(null, CultureInfo.InvariantCulture)),
        int or long or short or byte or decimal or uint or ulong or sbyte or ushort => NumberValue.Create(Convert.ToDecimal(value, CultureInfo.InvariantCulture)),
        IResponse response => OfStatus(response),
        Guid or Uri or IUrl or TimeSpan or char => new StringValue(value.ToString() ?? ""),
        _ => NilValue.Instance,
    };

    private static LiquidNode OfRequest(PolicyContext policies, IRequest request) => new(name => name switch
    {
        "Url" => OfUrl(request.Url),
        "OriginalUrl" => OfUrl(request.OriginalUrl),
        "Method" => new StringValue(request.Method),
        "OriginalMethod" => new StringValue(policies.OriginalMethod),
        "IpAddress" => new StringValue(request.IpAddress),
        "MatchedParameters" => new LiquidNode(
            parameter => request.MatchedParameters.TryGetValue(parameter, out var value) ? new StringValue(value) : null,
            () => request.MatchedParameters.Select(pair => KeyValuePair.Create<string, FluidValue>(pair.Key, new StringValue(pair.Value)))),
        "HasBody" => BooleanValue.Create(policies.RequestBody is { IsEmpty: false } || (policies.RequestBody is null && policies.Http.Request.ContentLength is not (null or 0))),
        "ClientCertificates" => new ArrayValue(request.Certificate is { } certificate ? [OfCertificate(certificate)] : []),
        "Headers" => OfLists(request.Headers),
        _ => null,
    });

    private static FluidValue OfResponse(PolicyContext policies, IResponse? response) => response is null ? NilValue.Instance : new LiquidNode(name => name switch
    {
        "Method" => new StringValue(policies.Http.Request.Method),
        _ => StatusMember(response, name),
    });

    private static LiquidNode OfStatus(IResponse response) => new(name => StatusMember(response, name));

    private static FluidValue? StatusMember(IResponse response, string name) => name switch
    {
        "StatusCode" => NumberValue.Create(response.StatusCode),
        "StatusReason" => new StringValue(response.StatusReason),
        "Headers" => OfLists(response.Headers),
        _ => null,
    };

    private static LiquidNode OfUrl(IUrl url) => new(
        name => name switch
        {
            "Scheme" => new StringValue(url.Scheme),
            "Host" => new StringValue(url.Host),
            "Port" => NumberValue.Create(url.Port),
            "Path" => new StringValue(url.Path),
            "Query" => OfLists(url.Query),
            "QueryString" => new StringValue(url.QueryString),
            "ToUri" or "ToString" => new StringValue(url.ToString()),
            _ => null,
        },
        text: url.ToString());

    private static LiquidNode OfLists(IReadOnlyDictionary<string, string[]> lists) => new(
        name => lists.TryGetValue(name, out var values) ? new StringValue(string.Join(',', values)) : null,
        () => lists.Select(pair => KeyValuePair.Create<string, FluidValue>(pair.Key, new StringValue(string.Join(',', pair.Value)))));

    private static LiquidNode OfCertificate(X509Certificate2 certificate) =>
        Texts(("Thumbprint", certificate.Thumbprint), ("Subject", certificate.Subject), ("Issuer", certificate.Issuer), ("SerialNumber", certificate.SerialNumber));

    private static LiquidNode Texts(params ReadOnlySpan<(string Name, string? Text)> members)
    {
        var made = new Dictionary<string, FluidValue>(members.Length, StringComparer.Ordinal);
        foreach (var (name, text) in members)
        {
            made[name] = text is null ? NilValue.Instance : new StringValue(text);
        }

        return LiquidNode.Of(made);
    }
}
