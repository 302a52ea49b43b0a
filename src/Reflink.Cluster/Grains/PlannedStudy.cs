using Reflink.Studies.Clusters;
using Reflink.Studies.Scenarios;

namespace Reflink.Cluster.Grains;

/// <summary>A study with its plan, as this silo makes it.</summary>
/// <param name="Scenario">The study.</param>
/// <param name="Runs">Its runs, in the order of the plan.</param>
/// <param name="Own">The submission that this silo would make of it, whose id differs where its files or its version do.</param>
internal sealed record PlannedStudy(Scenario Scenario, IReadOnlyList<RunPlan> Runs, StudySubmission Own);
