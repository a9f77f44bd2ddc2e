using System.Runtime.CompilerServices;
using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;
using Gateway.Policies.Policies.Access;
using Microsoft.AspNetCore.Http;

namespace Gateway.Policies.Pipelines;

/// <summary>
/// How one request goes through a pipeline. Nothing is allocated while every step completes synchronously. The response leaves in one
/// place, <see cref="SendAsync"/>, after the last step that may change it.
/// </summary>
internal static class PipelineRun
{
    private static readonly Func<PolicyContext, ValueTask> s_deliver = DeliverAsync;

    public static ValueTask ExecuteAsync(PolicyPipeline pipeline, PolicyContext context)
    {
        var steps = pipeline.Forward;
        var i = 0;
        try
        {
            for (; i < steps.Length && !context.IsCompleted; i = Next(pipeline, context, i))
            {
                var step = steps[i].ExecuteAsync(context);
                if (!step.IsCompletedSuccessfully)
                {
                    return ResumeAsync(pipeline, context, step, i);
                }

                step.GetAwaiter().GetResult();
            }

            i = steps.Length;
            var sending = SendAsync(context);
            if (!sending.IsCompletedSuccessfully)
            {
                return ResumeAsync(pipeline, context, sending, i);
            }

            sending.GetAwaiter().GetResult();
        }
        catch (Exception e)
        {
            return FailAsync(pipeline, context, e, pipeline.Position(i));
        }

        return EndExchangeAsync(context);
    }

    /// <summary>Goes on once something has to be waited for: the step at <paramref name="i"/>, or behind the last one the sending.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private static async ValueTask ResumeAsync(PolicyPipeline pipeline, PolicyContext context, ValueTask pending, int i)
    {
        var steps = pipeline.Forward;
        Exception? failure = null;
        try
        {
            await pending;
            if (i < steps.Length)
            {
                for (i = Next(pipeline, context, i); i < steps.Length && !context.IsCompleted; i = Next(pipeline, context, i))
                {
                    await steps[i].ExecuteAsync(context);
                }

                i = steps.Length;
                await SendAsync(context);
            }
        }
        catch (Exception e)
        {
            failure = e;
        }

        if (failure is not null)
        {
            await FailAsync(pipeline, context, failure, pipeline.Position(i));
        }
        else
        {
            await EndExchangeAsync(context);
        }
    }

    /// <summary>The step behind the one at <paramref name="i"/>; behind that which keeps responses, when a kept one was found.</summary>
    private static int Next(PolicyPipeline pipeline, PolicyContext context, int i)
    {
        if (!context.IsSkipping)
        {
            return i + 1;
        }

        context.IsSkipping = false;
        return Math.Max(i + 1, pipeline.AfterStore);
    }

    public static ValueTask AnswerPreflightAsync(PolicyPipeline pipeline, PolicyContext context)
    {
        try
        {
            CorsPolicy.AnswerPreflight(pipeline.Cors, context);
        }
        catch (Exception e)
        {
            return FailAsync(pipeline, context, e, default);
        }

        return SendAsync(context);
    }

    public static async ValueTask FailAsync(PolicyPipeline pipeline, PolicyContext context, Exception failure, StepPosition at)
    {
        try
        {
            if (await PrepareAnswerAsync(context, failure, at))
            {
                await RunOnErrorAsync(pipeline, context);
                await TrySendAsync(context);
            }
        }
        finally
        {
            await EndExchangeAsync(context);
        }
    }

    /// <summary>An error in on-error skips the rest of it and is answered as any other, by what on-error cannot change.</summary>
    private static async ValueTask RunOnErrorAsync(PolicyPipeline pipeline, PolicyContext context)
    {
        context.RenewExpressionBudget();
        var steps = pipeline.Steps(PolicySection.OnError);
        for (var i = 0; i < steps.Length && !context.IsCompleted; i++)
        {
            try
            {
                await steps[i].ExecuteAsync(context);
            }
            catch (Exception e)
            {
                await PrepareAnswerAsync(context, e, new(steps, i, PolicySection.OnError));
                return;
            }
        }
    }

    private static async ValueTask TrySendAsync(PolicyContext context)
    {
        try
        {
            await SendAsync(context);
        }
        catch (Exception e)
        {
            if (await PrepareAnswerAsync(context, e, default))
            {
                // The backend's answer broke before its first byte: there is still one to give, and it needs no backend.
                await SendAsync(context);
            }
        }
    }

    /// <summary>Notes the error and makes its answer.</summary>
    /// <returns>False when there is nobody to answer, or it is too late.</returns>
    private static async ValueTask<bool> PrepareAnswerAsync(PolicyContext context, Exception failure, StepPosition at)
    {
        context.LastError = FailureAnswer.Describe(context, failure, at);
        context.Caching?.Abandon();
        context.OnFailure(failure);
        if (FailureAnswer.ClientIsGone(context, failure))
        {
            return false;
        }

        if (context.Http.Response.HasStarted || failure is BackendFailedException { Failure: BackendFailure.ResponseBroken })
        {
            context.Http.Abort();
            return false;
        }

        if (failure is not PolicyException { KeepsResponse: true })
        {
            if (context.Exchange is { } exchange)
            {
                context.Exchange = null;
                await exchange.DiscardAsync();
                await exchange.DisposeAsync();
            }

            FailureAnswer.Choose(context, failure).SetOn(context);
        }

        return true;
    }

    private static ValueTask SendAsync(PolicyContext context) =>
        context.Caching is { } caching ? caching.SendAsync(s_deliver) : DeliverAsync(context);

    private static ValueTask DeliverAsync(PolicyContext context) => context.ResponseBody is { } body
        ? WriteAsync(context, body)
        : context.Exchange is not { } exchange ? ValueTask.CompletedTask
        : context.BodiesAtTheEnd == BodyUse.None && !context.HasHeadersOnly ? exchange.CommitAsync()
        : LoadAndCommitAsync(context, exchange);

    private static async ValueTask LoadAndCommitAsync(PolicyContext context, IBackendExchange exchange)
    {
        await BodyLoader.LoadAsync(context, context.BodiesAtTheEnd, context.ReaderAtTheEnd);
        if (context.HasHeadersOnly)
        {
            // The length is that of a body which does not come.
            context.Http.Response.ContentLength = null;
        }

        await exchange.CommitAsync();
    }

    private static ValueTask WriteAsync(PolicyContext context, ReadOnlyMemory<byte> body)
    {
        var response = context.Http.Response;
        if (response.StatusCode is StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent or StatusCodes.Status304NotModified)
        {
            response.ContentLength = null;
            return ValueTask.CompletedTask;
        }

        response.ContentLength = body.Length;
        return body.Length == 0 || HttpMethods.IsHead(context.OriginalMethod)
            ? ValueTask.CompletedTask
            : response.Body.WriteAsync(body);
    }

    private static ValueTask EndExchangeAsync(PolicyContext context)
    {
        context.Settle();
        context.Caching?.End();
        if (context.Exchange is not { } exchange)
        {
            return ValueTask.CompletedTask;
        }

        context.Exchange = null;
        return exchange.DisposeAsync();
    }
}

/// <summary>The step that was running; default when none was.</summary>
internal readonly record struct StepPosition(PolicyStep[]? Steps, int Index, PolicySection Section);
