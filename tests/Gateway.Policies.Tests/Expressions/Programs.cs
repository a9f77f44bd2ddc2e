using Gateway.Policies.Expressions.Budgets;
using Gateway.Policies.Expressions.Programs;
using Gateway.PolicyCompiler.Programs;

namespace Gateway.Policies.Tests.Expressions;

/// <summary>Compiles and runs expressions as a silo and an edge do together.</summary>
internal static class Programs
{
    public static ProgramCompilation Compile(params string[] texts) =>
        ProgramCompiler.Compile(new ProgramSource(texts), ExpressionApi.Current, CancellationToken.None);

    public static ExpressionProgram Load(params string[] texts)
    {
        var compilation = Compile(texts);
        Assert.Empty(compilation.Diagnostics);
        return ExpressionProgram.Load("test", compilation.Image);
    }

    /// <summary>The value of one expression.</summary>
    public static T Run<T>(string text, ExpressionLimits? limits = null)
    {
        var program = Load(text);
        try
        {
            return ExpressionCall.Run(program.Bind<T>(0), StubContext.Create(), new ExpressionBudget(limits ?? ExpressionLimits.Default), "test");
        }
        finally
        {
            program.Unload();
        }
    }
}
