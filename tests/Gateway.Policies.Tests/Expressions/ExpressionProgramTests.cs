using System.Runtime.CompilerServices;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions.Api;
using Gateway.Policies.Expressions.Budgets;
using Gateway.Policies.Expressions.Programs;

namespace Gateway.Policies.Tests.Expressions;

public sealed class ExpressionProgramTests
{
    [Fact]
    public void Unload_OfAProgramThatRan_GivesItsMemoryBack()
    {
        var image = Programs.Compile(Texts()).Image!;
        var contexts = Enumerable.Range(0, 5).Select(_ => LoadRunUnload(image)).ToList();
        for (var round = 0; round < 10 && contexts.Any(context => context.IsAlive); round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.DoesNotContain(contexts, context => context.IsAlive);
    }

    [Fact]
    public void Delegate_HeldOverUnload_GoesOn()
    {
        var program = Programs.Load("@(1 + context.Variables.Count)");
        var expression = program.Bind<int>(0);
        program.Unload();
        GC.Collect();

        Assert.Equal(5, expression(StubContext.Create()));
    }

    [Fact]
    public void Bind_OfASlotThatIsNotThere_IsAFormatException() => Assert.Throws<FormatException>(() => Programs.Load("@(1)").Bind<int>(1));

    [Theory]
    [InlineData("@(1)", typeof(int))]
    [InlineData("@(\"a\")", typeof(string))]
    [InlineData("@(context.Variables[\"flag\"])", typeof(object))]
    [InlineData("@(1 < 2)", typeof(bool))]
    [InlineData("@((bool?)null)", typeof(bool?))]
    [InlineData("@(new { a = 1 })", typeof(object))]
    [InlineData("@(null)", typeof(object))]
    [InlineData("@{ if (context.Tracing) { return null; } return \"a\"; }", typeof(string))]
    [InlineData("@{ if (context.Tracing) { return null; } return 1; }", typeof(object))]
    [InlineData("@{ if (context.Tracing) { return \"a\"; } return 1; }", typeof(object))]
    [InlineData("@{ Func<int> f = () => { return 1; }; return f() > 0; }", typeof(bool))]
    [InlineData("@(JObject.Parse(\"{}\"))", typeof(Newtonsoft.Json.Linq.JObject))]
    public void ResultOf_IsTheTypeByText_WhereCompiledAndWhereLoaded(string text, Type expected)
    {
        Assert.Equal(expected, Programs.Compile(text).Results[0]);
        Assert.Equal(expected, Programs.Load(text).ResultOf(0));
    }

    [Fact]
    public void ObjectResult_IsUnboxed() => Assert.True(Programs.Run<bool>("@(context.Variables[\"flag\"])"));

    [Theory]
    [InlineData("@((object)\"true\")")]
    [InlineData("@(null)")]
    [InlineData("@(1)")]
    public void WrongResult_IsAnEvaluationFailure(string text)
    {
        var error = Assert.Throws<PolicyException>(() => Programs.Run<bool>(text));

        Assert.Equal((500, "ExpressionValueEvaluationFailure", "test"), (error.StatusCode, error.Error.Reason, error.Error.Source));
    }

    [Fact]
    public void NullResult_OfANullableType_IsNull() => Assert.Null(Programs.Run<int?>("@(null)"));

    [Fact]
    public void Budget_IsOfTheRequest_NotOfTheExpression()
    {
        var program = Programs.Load("@{ for (var i = 0; i < 600; i++) { } return 1; }");
        var budget = new ExpressionBudget(new ExpressionLimits { Steps = 1000 });
        var expression = program.Bind<int>(0);

        Assert.Equal(1, ExpressionCall.Run(expression, StubContext.Create(), budget, "test"));
        Assert.Throws<PolicyException>(() => ExpressionCall.Run(expression, StubContext.Create(), budget, "test"));
        Assert.Equal(1, ExpressionCall.Run(expression, StubContext.Create(), new ExpressionBudget(ExpressionLimits.Default), "test"));
    }

    [Fact]
    public void Program_RunsOnManyThreadsAtOnce()
    {
        var expression = Programs.Load("@{ var n = 0; for (var i = 0; i < 1000; i++) { n += i; } return $\"{n} {context.Variables[\"count\"]}\"; }").Bind<string>(0);

        Parallel.For(0, 200, _ => Assert.Equal(
            "499500 3", ExpressionCall.Run(expression, StubContext.Create(), new ExpressionBudget(ExpressionLimits.Default), "test")));
    }

    private static string[] Texts() =>
    [
        "@(context.Request.Headers.GetValueOrDefault(\"X-A\", \"\"))", "@(new[] { 3, 1, 2 }.OrderBy(n => n).Select(n => new { n }).First().n)",
        "@{ IEnumerable<int> F() { yield return 1; } return F().Sum(); }", "@(JsonConvert.SerializeObject(new { a = 1, l = new[] { new { b = 2 } }.ToList() }))", "@(JObject.FromObject(new { c = 1 }).ToString())",
        "@(Regex.IsMatch(\"a\", \"^a\"))",
    ];

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference LoadRunUnload(byte[] image)
    {
        var program = ExpressionProgram.Load("unloaded", image);
        var context = new WeakReference(Run(program));
        program.Unload();
        return context;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static object Run(ExpressionProgram program)
    {
        Func<IExpressionContext, string>? expression = null;
        for (var slot = 0; slot < Texts().Length; slot++)
        {
            expression = program.Bind<string>(slot);
            ExpressionCall.Run(expression, StubContext.Create(), new ExpressionBudget(ExpressionLimits.Default), "test");
        }

        return program.Context;
    }
}
