using System.IO.Hashing;
using System.Reflection;
using System.Text;
using Reflink.Studies.Scenarios;

namespace Reflink.Studies.Clusters;

/// <summary>A study as it is handed to a cluster: its text and the values of its parameters, from which each silo makes the same plan.</summary>
/// <param name="Id">Its name and a hash of all that its results depend on: the same study handed in twice is one study.</param>
/// <param name="Version">The version of the program that handed it in.</param>
/// <param name="File">The file that it was read from, as messages of its runs name it.</param>
/// <param name="Text">The YAML.</param>
/// <param name="Parameters">Every parameter with its values, as they were written.</param>
/// <param name="Seeds">What random choices are drawn with.</param>
public sealed record StudySubmission(
    string Id, string Version, string File, string Text, IReadOnlyDictionary<string, IReadOnlyList<string>> Parameters, IReadOnlyList<long> Seeds)
{
    /// <summary>As many hexadecimal digits of the hash as keep apart all studies that a cluster ever has.</summary>
    private const int HashDigits = 12;

    /// <summary>The version of this program, which results depend on.</summary>
    public static string ThisVersion { get; } = typeof(Scenario).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>The submission of a study.</summary>
    /// <param name="scenario">The study.</param>
    public static StudySubmission Of(Scenario scenario)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        return Of(scenario, [.. scenario.Plan()]);
    }

    /// <summary>The submission of a study whose plan is known.</summary>
    /// <param name="scenario">The study.</param>
    /// <param name="plans">Its runs, in the order of its plan.</param>
    public static StudySubmission Of(Scenario scenario, IReadOnlyList<RunPlan> plans)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(plans);
        var hash = new XxHash128();
        foreach (var part in plans.Select(plan => plan.Id).Prepend(scenario.File).Prepend(scenario.Source))
        {
            hash.Append(Encoding.UTF8.GetBytes(part));
            hash.Append([0]);
        }

        var parameters = scenario.Parameters.ToDictionary(p => p.Name, p => p.Texts, StringComparer.Ordinal);
        return new StudySubmission($"{scenario.Name}-{Convert.ToHexStringLower(hash.GetCurrentHash())[..HashDigits]}", ThisVersion, scenario.File, scenario.Source, parameters, scenario.Seeds);
    }

    /// <summary>Reads the study.</summary>
    /// <exception cref="ReflinkException">EINVAL: it has mistakes.</exception>
    public Scenario ToScenario() => Scenario.Parse(Text, File).With(Parameters).WithSeeds(Seeds);
}
