using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Reflink.Cli.Tests;

namespace Reflink.Cluster.Tests;

/// <summary>Clusters with TLS and a secret.</summary>
public sealed class SecuredClusterTests : IDisposable
{
    private readonly ScratchFolder _folder = new("cluster");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Two_silos_with_TLS_and_a_secret_work_for_who_knows_both()
    {
        var (certificate, other) = (Certificate("own.pem"), Certificate("other.pem"));
        File.WriteAllText(_folder.Of("secret"), "0123456789abcdef\n");
        File.WriteAllText(_folder.Of("wrong"), "0123456789abcdee\n");
        using var silos = new Silos($"localhost:{Ports.Free()}", "--results", _folder.Of("state"), "--tls-cert", certificate, "--token-file", _folder.Of("secret"), "--cores", "1");
        var silo = silos.Start();
        _ = silos.Start();

        Cli.Tests.Cli.Run("study", "run", "clones", "--out", _folder.Of("here")).Succeeded();
        CliResult Run(string cert, string secret) => Cli.Tests.Cli.Run("study", "run", "clones", "--out", _folder.Of("there"), "--cluster", silos.Addresses, "--tls-cert", cert, "--token-file", _folder.Of(secret));
        Run(certificate, "wrong").Refused(1, "EACCES", "from those alone who know its secret", "--token-file");
        Run(other, "secret").Refused(1, "EACCES", "shows another certificate than it should", "--tls-cert");
        Run(certificate, "secret").Succeeded();

        ResultFiles.RequireSame(_folder.Of("here"), _folder.Of("there"));
        using var answer = silo.Ask("studies");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public void A_certificate_without_a_key_is_refused_with_how_to_make_one()
    {
        File.WriteAllText(_folder.Of("none.pem"), "nothing");

        var result = Cli.Tests.Cli.Run("study", "serve", "--tls-cert", _folder.Of("none.pem"), "--join", $"localhost:{Ports.Free()}", "--port", $"{Ports.Free()}");

        result.Refused(1, "none.pem' is no certificate with its private key as PEM", "'openssl req -x509 ");
    }

    private string Certificate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=reflink", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(_folder.Of(name), certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n");
        return _folder.Of(name);
    }
}
