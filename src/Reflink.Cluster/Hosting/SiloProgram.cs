using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Orleans.Configuration;
using Reflink.Cluster.Grains;
using Reflink.Cluster.Joining;
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
        var place = MeetingPlace.Of(settings);
        await using var app = Build(settings, place);
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Console.Out.WriteLine($"serving at {address}: {settings.Cores} runs at a time, {settings.Memory >> 20} MiB of memory for them, joined {place.Name}");
        await app.WaitForShutdownAsync();
        return 0;
    }

    private static WebApplication Build(SiloSettings settings, MeetingPlace place)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning)
            .AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error); // On a busy machine it warns of what is no fault of the silo.
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = s_shutdown);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = MostRequest;
            kestrel.Listen(IPAddress.Parse(settings.Listen), settings.Port ?? (Ports.IsFree(SiloSettings.UsualPort) ? SiloSettings.UsualPort : 0));
        });
        builder.Host.UseOrleans(silo => Configure(silo, place));
        builder.Services.AddSingleton(settings).AddSingleton(TimeProvider.System).AddSingleton<StudyPlans>().AddSingleton<Notices>();
        builder.Services.AddHostedService<SiloVersions>();
        if (settings.Cores > 0)
        {
            builder.Services.AddHostedService<Worker>();
        }

        var app = builder.Build();
        app.UseMiddleware<AwayMiddleware>();
        StudyApi.Map(app);
        return app;
    }

    private static void Configure(ISiloBuilder silo, MeetingPlace place)
    {
        place.Configure(silo);
        silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = ("reflink", "reflink"));
        silo.Configure<SiloOptions>(options => options.SiloName = SiloVersions.OwnName);
        silo.Configure<ClusterMembershipOptions>(membership => membership.ProbeTimeout = s_probe);
    }
}
