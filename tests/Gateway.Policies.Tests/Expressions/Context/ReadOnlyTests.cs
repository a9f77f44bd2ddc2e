using System.Collections;
using System.Reflection;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions.Api;
using Gateway.Policies.Expressions.Context;
using Gateway.Policies.Tests.Fakes;
using Microsoft.AspNetCore.Http;

namespace Gateway.Policies.Tests.Expressions.Context;

/// <summary>No cast of what expressions get reaches anything that can be changed.</summary>
public sealed class ReadOnlyTests
{
    public static TheoryData<string, Func<IExpressionContext, object?>> Views => new()
    {
        { "headers", context => context.Request.Headers },
        { "header names", context => context.Request.Headers.Keys },
        { "header values", context => context.Request.Headers.Values },
        { "query", context => context.Request.OriginalUrl.Query },
        { "query names", context => context.Request.OriginalUrl.Query.Keys },
        { "matched parameters", context => context.Request.MatchedParameters },
        { "variables", context => context.Variables },
        { "variable names", context => context.Variables.Keys },
        { "protocols", context => context.Api.Protocols },
        { "certificates", context => context.Deployment.Certificates },
        { "claims", context => Token.Claims },
        { "audiences", context => Token.Audiences },
    };

    private static Jwt Token => JwtReader.Read("eyJhbGciOiJub25lIn0.eyJhdWQiOlsiYSIsImIiXX0.")!;

    [Theory]
    [MemberData(nameof(Views))]
    public void Collection_CastToWhateverItIs_CannotBeChanged(string name, Func<IExpressionContext, object?> view)
    {
        var collection = view(Create())!;

        Assert.False(collection is Array, $"{name} are an array.");
        Assert.True(collection is not IList list || list.IsReadOnly, $"{name} are a list.");
        Assert.True(collection is not IDictionary dictionary || dictionary.IsReadOnly, $"{name} are a dictionary.");
        foreach (var type in collection.GetType().GetInterfaces().Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ICollection<>)))
        {
            Assert.True((bool)type.GetProperty("IsReadOnly")!.GetValue(collection)!, $"{name} can be changed as {type}.");
        }
    }

    [Fact]
    public void Arrays_ThatAreChanged_AreCopies()
    {
        var context = Create();

        context.Request.Headers["X-A"][0] = "changed";
        context.Request.Headers.First().Value[0] = "changed";
        context.Request.OriginalUrl.Query["q"][0] = "changed";
        Assert.True(context.Request.Headers.TryGetValue("X-A", out var values));
        values[0] = "changed";

        Assert.Equal(("1,2", "1"), (context.Request.Headers.GetValueOrDefault("X-A"), context.Request.OriginalUrl.Query.GetValueOrDefault("q")));
    }

    [Fact]
    public void Members_OfTheApi_SetNothingAndGiveNoWayOut()
    {
        var types = typeof(IExpressionContext).Assembly.GetExportedTypes().Where(type => type.Namespace == typeof(IExpressionContext).Namespace).ToArray();
        Type[] banned = [typeof(Stream), typeof(HttpContext), typeof(IServiceProvider), typeof(Type), typeof(Delegate), typeof(Task), typeof(ValueTask), typeof(MemberInfo)];

        Assert.All(types, type => Assert.DoesNotContain(type.GetProperties(), property => property.SetMethod is { IsPublic: true }));
        Assert.All(types, type => Assert.Empty(type.GetFields().Where(field => !field.IsLiteral && field.Name != "value__")));
        Assert.All(types, type => Assert.Empty(type.GetConstructors()));
        var used = types.SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .SelectMany(method => method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType));
        Assert.All(used, type => Assert.DoesNotContain(banned, bad => bad.IsAssignableFrom(type)));
    }

    private static ExpressionContext Create()
    {
        var context = FakePolicyContext.Create();
        context.Http.Request.Headers["X-A"] = (string[])["1", "2"];
        context.Http.Request.QueryString = new QueryString("?q=1");
        context.MatchedParameters["id"] = "7";
        context.Variables["a"] = "b";
        context.Match(new ApiInfo("a", "A", "a", "1", null) { Protocols = ["http"] });
        return context.Expressions;
    }
}
