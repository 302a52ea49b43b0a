using System.Security.Cryptography;
using System.Text;

namespace Reflink.Cluster.Web;

/// <summary>Answers those alone who know the secret; without it /health is answered, which tells no more than that there is a silo.</summary>
internal sealed class TokenMiddleware(RequestDelegate next, string token)
{
    private readonly RequestDelegate _next = next;
    private readonly byte[] _token = SHA256.HashData(Encoding.UTF8.GetBytes($"Bearer {token}"));

    public async Task InvokeAsync(HttpContext context)
    {
        // Hashes are compared, so that neither time nor length tells anything of the secret.
        var shown = SHA256.HashData(Encoding.UTF8.GetBytes(context.Request.Headers.Authorization.ToString()));
        if (context.Request.Path == "/health" || CryptographicOperations.FixedTimeEquals(shown, _token))
        {
            await _next(context);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        await context.Response.WriteAsync("the cluster takes studies from those alone who know its secret; name the file with it with --token-file");
    }
}
