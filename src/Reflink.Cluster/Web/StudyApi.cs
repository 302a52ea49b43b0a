using System.Text;
using System.Text.Json;
using Reflink.Cluster.Grains;
using Reflink.Cluster.Storage;
using Reflink.Studies.Clusters;

namespace Reflink.Cluster.Web;

/// <summary>What clients ask a silo with HTTP. Any silo answers for the whole cluster.</summary>
internal static class StudyApi
{
    /// <summary>Bytes of results from which on an answer is not made longer: a network moves it in a second or so, and a silo has it in memory a few times.</summary>
    private const long MostAnswer = 4 << 20;

    private const string Json = "application/json";

    /// <summary>Adds the addresses to a program.</summary>
    public static void Map(WebApplication app)
    {
        app.MapGet("/health", async (IGrainFactory grains, ILocalSiloDetails self) => Results.Json(await Health(grains, self), ClusterClient.Json));
        app.MapPost("/studies", Submit);
        app.MapGet("/studies", List);
        app.MapGet("/studies/{id}", async (string id, IGrainFactory grains) => Found(id, await grains.GetGrain<IStudyGrain>(id).Status()));
        app.MapGet("/studies/{id}/submission", async (string id, IGrainFactory grains) => Found(id, await grains.GetGrain<IStudyGrain>(id).Submission()));
        app.MapPost("/studies/{id}/cancel", async (string id, IGrainFactory grains) => Found(id, await grains.GetGrain<IStudyGrain>(id).Cancel()));
        app.MapGet("/studies/{id}/results/{segment}", Fetch);
    }

    private static async Task<SiloHealth> Health(IGrainFactory grains, ILocalSiloDetails self)
    {
        var silos = await grains.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true);
        return new SiloHealth("ok", StudySubmission.ThisVersion, self.SiloAddress.ToString(), [.. silos.Keys.Select(silo => silo.ToString()).Order(StringComparer.Ordinal)]);
    }

    private static async Task<IResult> Submit(StudySubmission submission, IGrainFactory grains, StudyPlans plans)
    {
        try
        {
            var study = await plans.Get(submission.Id, JsonSerializer.Serialize(submission, ClusterClient.Json));
            return study.Own.Id != submission.Id
                ? Results.Text(Difference(submission, study.Own), statusCode: StatusCodes.Status409Conflict)
                : Results.Text(await grains.GetGrain<IStudyGrain>(submission.Id).Submit(JsonSerializer.Serialize(submission, ClusterClient.Json)), Json);
        }
        catch (ReflinkException e)
        {
            return Results.Text(e.Reason, statusCode: StatusCodes.Status400BadRequest);
        }
    }

    private static string Difference(StudySubmission client, StudySubmission own) => client.Version != own.Version
        ? $"the cluster runs reflink {own.Version} and the client is {client.Version}; results would differ, so use the same version for both"
        : $"the cluster's plan is {own.Id} instead of {client.Id}: a file that the study reads has other bytes there, or is not there; copy it to the same path on each machine of the cluster";

    private static async Task<IResult> List(IGrainFactory grains)
    {
        var ids = await grains.GetGrain<IIndexGrain>(0).List();
        var studies = await Task.WhenAll(ids.Select(id => grains.GetGrain<IStudyGrain>(id).Status()));
        return Results.Text($"[{string.Join(',', studies.OfType<string>())}]", Json);
    }

    private static IResult Found(string id, string? answer) => answer is null
        ? Results.Text($"the cluster has no study '{id}'; 'reflink study list --cluster URL' lists those that it has", statusCode: StatusCodes.Status404NotFound)
        : Results.Text(answer, Json);

    private static async Task<IResult> Fetch(string id, int segment, int after, IGrainFactory grains, IServiceProvider services)
    {
        var (answer, size) = (new List<FetchedRun>(), 0L);
        foreach (var run in (await grains.GetGrain<ISegmentGrain>(segment, id).Fetch(after)).TakeWhile(_ => size < MostAnswer))
        {
            var text = run.File is null ? run.Text : await (services.GetService<IResultStore>() ?? throw new IOException($"this silo has no --results, and result {run.Run} is in the folder of the others")).Get(run.File);
            answer.Add(new FetchedRun(run.Run, Encoding.UTF8.GetString(text), run.Began, run.Milliseconds));
            size += text.Length;
        }

        return Results.Json(answer, ClusterClient.Json);
    }
}
