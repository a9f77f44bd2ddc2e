using System.Collections.Concurrent;
using System.Reflection;
using Gateway.Counters.Tests.Engine;
using StackExchange.Redis;

namespace Gateway.Counters.Tests.Store;

/// <summary>A silo's connection to the model's store, as the client library shows it: connection, database and transaction in one.</summary>
internal class StoreConnection : DispatchProxy
{
    private static readonly ConcurrentDictionary<Type, Func<Task<object?>, object>> Conversions = new();

    private static readonly MethodInfo AsTask = typeof(StoreConnection).GetMethod(nameof(As), BindingFlags.Static | BindingFlags.NonPublic)!;

    private Node _silo = null!;
    private ModelStore _store = null!;
    private IDatabase _database = null!;
    private List<Func<StoreContent, bool>> _conditions = [];
    private List<(Func<StoreContent, object?> Command, TaskCompletionSource<object?> Reply)>? _transaction;

    /// <summary>Opens one.</summary>
    public static IConnectionMultiplexer Open(Node silo, ModelStore store)
    {
        var connection = Make<IConnectionMultiplexer>(silo, store);
        ((StoreConnection)(object)connection)._database = Make<IDatabase>(silo, store);
        return connection;
    }

    /// <inheritdoc />
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        switch (targetMethod!.Name)
        {
            case "GetDatabase":
                return _database;
            case "CreateTransaction":
                var transaction = Make<ITransaction>(_silo, _store);
                ((StoreConnection)(object)transaction)._transaction = [];
                return transaction;
            case "AddCondition":
                _conditions.Add(StoreCommands.Read((Condition)args![0]!));
                return null;
            case "ExecuteAsync" when _transaction is not null && args is not [string, ..]:
                return ExecuteAsync(_transaction);
        }

        var command = StoreCommands.Read(targetMethod, args!);
        if (_transaction is null)
        {
            return Convert(_store.AskAsync(_silo, command), targetMethod.ReturnType);
        }

        var reply = new TaskCompletionSource<object?>();
        _transaction.Add((command, reply));
        return Convert(reply.Task, targetMethod.ReturnType);
    }

    private async Task<bool> ExecuteAsync(List<(Func<StoreContent, object?> Command, TaskCompletionSource<object?> Reply)> commands)
    {
        var results = await _store.AskAsync(
            _silo, content => content.IsCareless || _conditions.TrueForAll(condition => condition(content)) ? commands.Select(entry => entry.Command(content)).ToArray() : null);
        for (var index = 0; index < commands.Count; index++)
        {
            if (results is null)
            {
                commands[index].Reply.SetCanceled();
            }
            else
            {
                commands[index].Reply.SetResult(results[index]);
            }
        }

        return results is not null;
    }

    private static T Make<T>(Node silo, ModelStore store) where T : class
    {
        var made = Create<T, StoreConnection>();
        var proxy = (StoreConnection)(object)made;
        (proxy._silo, proxy._store) = (silo, store);
        return made;
    }

    private static object Convert(Task<object?> task, Type type) => type switch
    {
        _ when type == typeof(Task) => task,
        _ when type == typeof(Task<bool>) => As<bool>(task),
        _ when type == typeof(Task<long>) => As<long>(task),
        _ when type == typeof(Task<RedisValue>) => As<RedisValue>(task),
        _ => Conversions.GetOrAdd(type, static to => AsTask.MakeGenericMethod(to.GetGenericArguments()[0]).CreateDelegate<Func<Task<object?>, object>>())(task),
    };

    private static async Task<T> As<T>(Task<object?> task) => (T)(await task)!;
}
