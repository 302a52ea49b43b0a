using System.Text.Json;
using Reflink.Studies.Clusters;

namespace Reflink.Cluster.Grains;

/// <summary>The plans of studies on this silo, which grains and workers share: planning a million runs takes seconds and a lot of memory.</summary>
internal sealed class StudyPlans
{
    /// <summary>Studies are worked on one after the other mostly.</summary>
    private const int Most = 8;

    private readonly Lock _gate = new();
    private readonly List<(string Study, Task<PlannedStudy> Plan)> _plans = [];

    /// <summary>The plan of a study. It is made on another thread, for grains must not wait.</summary>
    public Task<PlannedStudy> Get(string study, string submission)
    {
        lock (_gate)
        {
            if (_plans.Find(plan => plan.Study == study) is { Plan: { IsFaulted: false } known })
            {
                return known;
            }

            _plans.RemoveAll(plan => plan.Study == study);
            if (_plans.Count == Most)
            {
                _plans.RemoveAt(0);
            }

            var made = Task.Run(() => Make(JsonSerializer.Deserialize<StudySubmission>(submission, ClusterClient.Json)!));
            _plans.Add((study, made));
            return made;
        }
    }

    /// <summary>The plan of a study that is not known yet.</summary>
    public static PlannedStudy Make(StudySubmission submission)
    {
        var scenario = submission.ToScenario();
        var runs = scenario.Plan().ToList();
        return new PlannedStudy(scenario, runs, StudySubmission.Of(scenario, runs));
    }
}
