using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using Reflink.Cluster.Joining;
using Reflink.Cluster.Working;
using Reflink.Studies.Clusters;

namespace Reflink.Cluster.Hosting;

/// <summary>Sends what Orleans and workers measure to a collector of OpenTelemetry.</summary>
internal static class Telemetry
{
    private const string Orleans = "Microsoft.Orleans";

    /// <summary>Adds it, if there is a collector.</summary>
    public static void Add(IServiceCollection services, SiloSettings settings)
    {
        if (settings.Telemetry is { } collector)
        {
            services.AddOpenTelemetry()
                .ConfigureResource(resource => resource.AddService("reflink-cluster", serviceVersion: StudySubmission.ThisVersion, serviceInstanceId: SiloVersions.OwnName))
                .WithMetrics(metrics => metrics.AddMeter(Orleans, Gauges.Name).AddOtlpExporter(otlp => otlp.Endpoint = new Uri(collector)));
        }
    }
}
