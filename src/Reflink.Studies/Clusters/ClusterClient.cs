using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Reflink.Units;

namespace Reflink.Studies.Clusters;

/// <summary>Talks to the silos of a cluster with HTTP: to the first that answers.</summary>
public sealed class ClusterClient : IDisposable
{
    /// <summary>How the members of objects are named on the wire.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web);

    /// <summary>An answer is a batch of results at the most, which a network takes seconds for.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http;
    private readonly IReadOnlyList<Uri> _silos;
    private int _chosen;

    /// <summary>Makes a client; nothing is sent yet.</summary>
    /// <param name="silos">Addresses of one silo or of several, behind commas: <c>http://127.0.0.1:7411</c>.</param>
    /// <param name="access">What it shows to the cluster; null for nothing.</param>
    /// <exception cref="ReflinkException">EINVAL: one is no such address, or a file of the access is not what it should be.</exception>
    public ClusterClient(string silos, ClusterAccess? access = null)
    {
        ArgumentNullException.ThrowIfNull(silos);
        _silos = [.. silos.Split(',', StringSplitOptions.TrimEntries).Select(AddressOf)];
        _http = (access ?? new ClusterAccess()).Client();
        _http.Timeout = s_patience;
    }

    /// <summary>Whether a text is one address or several that a client takes.</summary>
    public static bool IsGood(string silos) => silos is not null && silos.Split(',', StringSplitOptions.TrimEntries).All(silo => TryAddress(silo) is not null);

    /// <summary>Hands a study in; one that was handed in before goes on.</summary>
    /// <param name="study">The study.</param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <exception cref="ReflinkException">EINVAL: the cluster makes another plan of it, as its version or its files differ. EIO: no silo answers.</exception>
    public Task<StudyStatus> Submit(StudySubmission study, CancellationToken cancel = default) =>
        Ask<StudyStatus>(HttpMethod.Post, "studies", study, cancel);

    /// <summary>How far a study is.</summary>
    /// <param name="study">Its id.</param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <exception cref="ReflinkException">ENOENT: the cluster has no such study. EIO: no silo answers.</exception>
    public Task<StudyStatus> Status(string study, CancellationToken cancel = default) => Ask<StudyStatus>(HttpMethod.Get, PathOf(study), null, cancel);

    /// <summary>The study itself.</summary>
    /// <param name="study">Its id.</param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <exception cref="ReflinkException">ENOENT: the cluster has no such study. EIO: no silo answers.</exception>
    public Task<StudySubmission> Find(string study, CancellationToken cancel = default) => Ask<StudySubmission>(HttpMethod.Get, $"{PathOf(study)}/submission", null, cancel);

    /// <summary>All studies, in the order in which they were handed in.</summary>
    /// <param name="cancel">Ends the waiting.</param>
    /// <exception cref="ReflinkException">EIO: no silo answers.</exception>
    public Task<IReadOnlyList<StudyStatus>> List(CancellationToken cancel = default) => Ask<IReadOnlyList<StudyStatus>>(HttpMethod.Get, "studies", null, cancel);

    /// <summary>Ends a study: runs that are under way are dropped, results stay.</summary>
    /// <param name="study">Its id.</param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <exception cref="ReflinkException">ENOENT: the cluster has no such study. EIO: no silo answers.</exception>
    public Task<StudyStatus> Cancel(string study, CancellationToken cancel = default) => Ask<StudyStatus>(HttpMethod.Post, $"{PathOf(study)}/cancel", null, cancel);

    /// <summary>Some results of a segment, in the order in which they were stored.</summary>
    /// <param name="study">Its id.</param>
    /// <param name="segment">Which <see cref="StudyStatus.SegmentSize"/> runs.</param>
    /// <param name="after">How many of its results are known already.</param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <exception cref="ReflinkException">EIO: no silo answers.</exception>
    public Task<IReadOnlyList<FetchedRun>> Results(string study, int segment, int after, CancellationToken cancel = default) =>
        Ask<IReadOnlyList<FetchedRun>>(HttpMethod.Get, $"{PathOf(study)}/results/{segment}?after={after}", null, cancel);

    /// <summary>Closes its connections.</summary>
    public void Dispose() => _http.Dispose();

    private static string PathOf(string study) => $"studies/{Uri.EscapeDataString(study)}";

    private static Uri? TryAddress(string silo) =>
        Uri.TryCreate(silo.TrimEnd('/') + "/", UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address : null;

    private static Uri AddressOf(string silo) =>
        TryAddress(silo) ?? throw new ReflinkException(Errno.EINVAL, $"'{silo}' is not the address of a silo; 'reflink study serve' prints it, such as http://127.0.0.1:7411");

    private async Task<T> Ask<T>(HttpMethod method, string path, object? body, CancellationToken cancel)
    {
        for (var tries = 1; ; tries++)
        {
            var silo = _silos[_chosen % _silos.Count];
            try
            {
                using var request = new HttpRequestMessage(method, new Uri(silo, path)) { Content = body is null ? null : JsonContent.Create(body, body.GetType(), null, Json) };
                using var answer = await _http.SendAsync(request, cancel).ConfigureAwait(false);
                return answer.IsSuccessStatusCode
                    ? (await answer.Content.ReadFromJsonAsync<T>(Json, cancel).ConfigureAwait(false))!
                    : throw Refusal(silo, answer.StatusCode, await answer.Content.ReadAsStringAsync(cancel).ConfigureAwait(false));
            }
            catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.SecureConnectionError)
            {
                throw new ReflinkException(Errno.EACCES, $"{silo} shows another certificate than it should, or talks without TLS; name the file with the certificate of the cluster with --tls-cert", e);
            }
            catch (Exception e) when ((e is HttpRequestException or IOException || (e is TaskCanceledException && !cancel.IsCancellationRequested)) && tries >= _silos.Count)
            {
                throw new ClusterAwayException($"no silo answers at {string.Join(", ", _silos)} ({e.Message.TrimEnd('.')}); 'reflink study serve' starts one", e);
            }
            catch (Exception e) when (e is HttpRequestException or IOException || (e is TaskCanceledException && !cancel.IsCancellationRequested))
            {
                _chosen++;
            }
        }
    }

    // A silo says in a sentence why it refuses; what is not from a silo says something else.
    private static ReflinkException Refusal(Uri silo, HttpStatusCode status, string text) => status switch
    {
        HttpStatusCode.NotFound => new ReflinkException(Errno.ENOENT, text.Length > 0 ? text : $"{silo} is not a silo of reflink; 'reflink study serve' prints the address of one"),
        HttpStatusCode.BadRequest or HttpStatusCode.Conflict => new ReflinkException(Errno.EINVAL, text),
        HttpStatusCode.Unauthorized => new ReflinkException(Errno.EACCES, text),
        HttpStatusCode.ServiceUnavailable or HttpStatusCode.InternalServerError => new ClusterAwayException($"{silo} cannot answer now: {text}"),
        _ => new ReflinkException(Errno.EIO, $"{silo} answered {(int)status}: {text}"),
    };
}
