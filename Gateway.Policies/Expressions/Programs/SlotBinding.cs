using System.Globalization;
using System.Reflection;
using Gateway.Policies.Expressions.Api;

namespace Gateway.Policies.Expressions.Programs;

/// <summary>Makes typed delegates of expressions. Reflection is used once, while binding.</summary>
internal static class SlotBinding
{
    private static readonly MethodInfo _convert = typeof(SlotBinding).GetMethod(nameof(Convert), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>A delegate of an expression whose own result may have another type.</summary>
    public static Func<IExpressionContext, T> Bind<T>(MethodInfo method) => method.ReturnType == typeof(T)
        ? method.CreateDelegate<Func<IExpressionContext, T>>()
        : (Func<IExpressionContext, T>)_convert.MakeGenericMethod(method.ReturnType, typeof(T)).Invoke(null, [method])!;

    private static Func<IExpressionContext, TResult> Convert<TOwn, TResult>(MethodInfo method)
    {
        var own = method.CreateDelegate<Func<IExpressionContext, TOwn>>();
        if (typeof(TResult) == typeof(string))
        {
            return (Func<IExpressionContext, TResult>)(object)new Func<IExpressionContext, string?>(context => Text(own(context)));
        }

        return context => As<TResult>(own(context));
    }

    private static string? Text<T>(T value) => value switch
    {
        null => null,
        string text => text,
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    private static T As<T>(object? value) => value switch
    {
        T result => result,
        null when default(T) is null => default!,
        null => throw new InvalidCastException($"The expression gives null where {typeof(T).Name} is expected."),
        _ => throw new InvalidCastException($"The expression gives {value.GetType().Name} where {typeof(T).Name} is expected."),
    };
}
