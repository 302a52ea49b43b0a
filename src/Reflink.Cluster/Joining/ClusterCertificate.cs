using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Orleans.Connections.Security;
using Reflink.Units;

namespace Reflink.Cluster.Joining;

/// <summary>
/// The certificate of a cluster. All silos have the same one with its private key, so that a silo is known by it: another certificate is refused whoever signed it, and
/// none has to be signed.
/// </summary>
internal static class ClusterCertificate
{
    /// <summary>Reads it.</summary>
    /// <exception cref="ReflinkException">EINVAL: the file is no certificate with a private key.</exception>
    public static X509Certificate2 Read(string file)
    {
        try
        {
            using var pem = X509Certificate2.CreateFromPemFile(file, file);

            // Windows serves no key that was made in memory; for others this changes nothing.
            return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new ReflinkException(
                Errno.EINVAL, $"'{file}' is no certificate with its private key as PEM ({e.Message.TrimEnd('.')}); 'openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=reflink -days 3650 -keyout {file} -out {file}' makes one", e);
        }
    }

    /// <summary>Lets silos talk to each other with it.</summary>
    public static void Use(ISiloBuilder silo, X509Certificate2 certificate) => silo.UseTls(certificate, tls =>
    {
        tls.RemoteCertificateMode = tls.ClientCertificateMode = RemoteCertificateMode.RequireCertificate;
        tls.RemoteCertificateValidation = (shown, _, _) => CryptographicOperations.FixedTimeEquals(shown.RawData, certificate.RawData);
        tls.OnAuthenticateAsClient = (_, options) =>
        {
            options.TargetHost = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
            options.ClientCertificates = [certificate];
        };
    });
}
