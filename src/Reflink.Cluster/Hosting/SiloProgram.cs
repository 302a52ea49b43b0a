using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Orleans.Configuration;
using Orleans.Runtime.Hosting;
using Orleans.Serialization;
using Reflink.Cluster.Grains;
using Reflink.Cluster.Storage;
using Reflink.Cluster.Web;
using Reflink.Cluster.Working;
using Reflink.Studies.Clusters;

namespace Reflink.Cluster.Hosting;

/// <summary>A silo: grains, a worker, and the addresses that clients ask.</summary>
internal static class SiloProgram
{
    /// <summary>Runs and their results end within seconds; the worker's farewell is the longest.</summary>
    private static readonly TimeSpan s_shutdown = TimeSpan.FromSeconds(30);

    /// <summary>A silo that does not answer three probes is taken for dead: six seconds, within the time of a lease.</summary>
    private static readonly TimeSpan s_probe = TimeSpan.FromSeconds(2);

    /// <summary>Above what people write, as 'reflink study run' reads it, with what JSON adds.</summary>
    private const long MostRequest = 16 << 20;

    /// <summary>Runs a silo until it is told to stop.</summary>
    public static async Task<int> Run(SiloSettings settings)
    {
        await using var app = Build(settings);
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Console.Out.WriteLine($"serving at {address}: joined {settings.Join}, {settings.Cores} runs at a time, {settings.Memory >> 20} MiB of memory for them, results in {FolderOf(settings)}");
        await app.WaitForShutdownAsync();
        return 0;
    }

    private static WebApplication Build(SiloSettings settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning)
            .AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error); // On a busy machine it warns of what is no fault of the silo.
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = s_shutdown);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = MostRequest;
            kestrel.Listen(IPAddress.Parse(settings.Listen), settings.Port ?? (MeetingPlace.IsFree(SiloSettings.UsualPort) ? SiloSettings.UsualPort : 0));
        });
        builder.Host.UseOrleans(silo => Configure(silo, settings));
        builder.Services.AddSingleton(settings).AddSingleton(TimeProvider.System).AddSingleton<StudyPlans>().AddSingleton<Notices>();
        if (settings.Cores > 0)
        {
            builder.Services.AddHostedService<Worker>();
        }

        var app = builder.Build();
        app.UseMiddleware<AwayMiddleware>();
        StudyApi.Map(app);
        return app;
    }

    private static void Configure(ISiloBuilder silo, SiloSettings settings)
    {
        var place = MeetingPlace.Of(settings.Join, SiloSettings.UsualMeetingPort);
        silo.UseDevelopmentClustering(place.First);
        silo.ConfigureEndpoints(IPAddress.Loopback, place.Port, gatewayPort: 0);
        silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = ("reflink", "reflink"));
        silo.Configure<ClusterMembershipOptions>(membership => membership.ProbeTimeout = s_probe);
        silo.Services.AddGrainStorage(StoreNames.Studies, (services, _) => new FileStorage(Path.Combine(FolderOf(settings), "state"), services.GetRequiredService<Serializer>()));
    }

    // Silos that meet at one port are one cluster.
    private static string FolderOf(SiloSettings settings) => settings.Results
        ?? Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"reflink-cluster-{Environment.UserName}-{MeetingPlace.Of(settings.Join, SiloSettings.UsualMeetingPort).First.Port}"));
}
