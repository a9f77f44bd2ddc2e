using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Microsoft.AspNetCore.Http;

namespace Gateway.Policies.Pipelines;

/// <summary>
/// How one request goes through a pipeline. Nothing is allocated while every step completes synchronously. The response leaves in one
/// place, <see cref="SendAsync"/>, after the last step that may change it.
/// </summary>
internal static class PipelineRun
{
    private static readonly PolicySection[] s_forward = [PolicySection.Inbound, PolicySection.Backend, PolicySection.Outbound];

    public static async ValueTask ExecuteAsync(PolicyPipeline pipeline, PolicyContext context)
    {
        var at = default(StepPosition);
        Exception? failure = null;
        try
        {
            foreach (var section in s_forward)
            {
                var steps = pipeline.Steps(section);
                for (var i = 0; i < steps.Length && !context.IsCompleted; i++)
                {
                    at = new(steps, i, section);
                    await steps[i].Policy.ExecuteAsync(context);
                }
            }

            at = default;
            await SendAsync(context);
        }
        catch (Exception e)
        {
            failure = e;
        }

        if (failure is not null)
        {
            await FailAsync(pipeline, context, failure, at);
        }
        else
        {
            await EndExchangeAsync(context);
        }
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
        var steps = pipeline.Steps(PolicySection.OnError);
        for (var i = 0; i < steps.Length && !context.IsCompleted; i++)
        {
            try
            {
                await steps[i].Policy.ExecuteAsync(context);
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

    private static ValueTask SendAsync(PolicyContext context) => context.ResponseBody is { } body
        ? WriteAsync(context.Http.Response, body)
        : context.Exchange?.CommitAsync() ?? ValueTask.CompletedTask;

    private static ValueTask WriteAsync(HttpResponse response, ReadOnlyMemory<byte> body)
    {
        if (response.StatusCode is StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent or StatusCodes.Status304NotModified)
        {
            response.ContentLength = null;
            return ValueTask.CompletedTask;
        }

        response.ContentLength = body.Length;
        return body.Length == 0 || HttpMethods.IsHead(response.HttpContext.Request.Method)
            ? ValueTask.CompletedTask
            : response.Body.WriteAsync(body);
    }

    private static ValueTask EndExchangeAsync(PolicyContext context)
    {
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
