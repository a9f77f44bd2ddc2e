using System.Reflection;
using System.Runtime.ExceptionServices;

namespace Gateway.Management.Tests.Support;

/// <summary>
/// A grain interface in front of a plain object with the same methods. The object does not implement the interface, so that
/// no silo in this process takes it for a grain.
/// </summary>
public class GrainProxy : DispatchProxy
{
    private object _target = null!;

    public static TGrain Create<TGrain>(object target)
        where TGrain : class
    {
        var proxy = Create<TGrain, GrainProxy>();
        ((GrainProxy)(object)proxy)._target = target;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var method = _target.GetType().GetMethod(targetMethod!.Name)
            ?? throw new NotSupportedException($"{_target.GetType().Name} has no {targetMethod.Name}.");
        try
        {
            return method.Invoke(_target, args);
        }
        catch (TargetInvocationException exception)
        {
            ExceptionDispatchInfo.Throw(exception.InnerException!);
            throw;
        }
    }
}
