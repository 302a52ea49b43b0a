using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Reflink.Units;

namespace Reflink.Studies.Clusters;

/// <summary>What a client shows to a cluster, and what it knows the cluster by.</summary>
/// <param name="Token">The file with the secret; null for none.</param>
/// <param name="Certificate">The file with the certificate of the cluster, as PEM; null to trust those that this system trusts.</param>
public sealed record ClusterAccess(string? Token = null, string? Certificate = null)
{
    /// <summary>Short enough to be read at once; a file that is longer is no secret.</summary>
    private const int MostToken = 4096;

    /// <summary>Reads a secret: the text of a file without the space around it.</summary>
    /// <param name="file">The file.</param>
    /// <exception cref="ReflinkException">EINVAL: it is empty or long. ENOENT: it cannot be read.</exception>
    public static string ReadToken(string file)
    {
        ArgumentNullException.ThrowIfNull(file);
        try
        {
            var text = new FileInfo(file).Length <= MostToken ? File.ReadAllText(file).Trim() : "";
            return text.Length > 0 && text.All(c => c is > ' ' and < '\x7f') ? text
                : throw new ReflinkException(Errno.EINVAL, $"'{file}' has no secret: it takes one line of printable characters without spaces; 'openssl rand -hex 32' makes one");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ReflinkException(Errno.ENOENT, $"the secret cannot be read ({e.Message.TrimEnd('.')}); 'openssl rand -hex 32' makes one", e);
        }
    }

    /// <summary>A client that shows the secret, and talks to the owner of the certificate alone.</summary>
    internal HttpClient Client()
    {
#pragma warning disable CA2000 // The client owns its handler.
        var handler = new HttpClientHandler();
#pragma warning restore CA2000
        if (Certificate is { } file)
        {
            var own = ReadCertificate(file);
            handler.ServerCertificateCustomValidationCallback = (_, shown, _, _) => shown is not null && CryptographicOperations.FixedTimeEquals(shown.RawData, own);
        }

        var client = new HttpClient(handler);
        client.DefaultRequestHeaders.Authorization = Token is null ? null : new AuthenticationHeaderValue("Bearer", ReadToken(Token));
        return client;
    }

    private static byte[] ReadCertificate(string file)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(File.ReadAllText(file));
            return certificate.RawData;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new ReflinkException(Errno.EINVAL, $"'{file}' is no certificate as PEM ({e.Message.TrimEnd('.')}); take the one that the silos are started with", e);
        }
    }
}
