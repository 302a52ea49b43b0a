using System.Data.Common;

namespace Reflink.Cluster.Web;

/// <summary>What cannot be answered now, because a silo has just ended or storage is away, is asked again by clients: it is told so instead of being a failure.</summary>
internal sealed class AwayMiddleware(RequestDelegate next)
{
    private readonly RequestDelegate _next = next;

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await _next(context);
        }
        catch (Exception e) when (e is OrleansException or TimeoutException or IOException or DbException && !context.Response.HasStarted)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;

            // Orleans puts whole stack traces into its messages.
            await context.Response.WriteAsync($"a silo has just ended, or the storage does not answer; try again in some seconds ({e.Message.Split('\n')[0].Trim()})");
        }
    }
}
