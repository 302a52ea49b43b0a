using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Orleans.Configuration;
using Orleans.Dashboard;
using Reflink.Cluster.Grains;
using Reflink.Cluster.Joining;
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
        var certificate = settings.Certificate is { } file ? ClusterCertificate.Read(file) : null;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning)
            .AddFilter("Orleans", LogLevel.Critical); // Of a silo that has ended it tells with stack traces for pages; notices say it in a line.
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = s_shutdown);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = MostRequest;
            kestrel.Listen(IPAddress.Parse(settings.Listen), settings.Port ?? (Ports.IsFree(SiloSettings.UsualPort) ? SiloSettings.UsualPort : 0), listen => _ = certificate is null ? listen : listen.UseHttps(certificate));
        });
        builder.Host.UseOrleans(silo => Configure(silo, place, certificate, settings));
        builder.Services.AddSingleton(settings).AddSingleton(TimeProvider.System).AddSingleton<StudyPlans>().AddSingleton<Notices>().AddSingleton<Gauges>();
        Telemetry.Add(builder.Services, settings);
        if (place.Folder is { } folder)
        {
            builder.Services.AddSingleton<IResultStore>(new ResultFolder(Path.Combine(folder, "large")));
        }

        builder.Services.AddHostedService<SiloVersions>();
        if (settings.Cores > 0)
        {
            builder.Services.AddHostedService<Worker>();
        }

        var app = builder.Build();
        app.UseMiddleware<AwayMiddleware>();
        if (settings.Token is { } token)
        {
            app.UseMiddleware<TokenMiddleware>(ClusterAccess.ReadToken(token));
        }

        StudyApi.Map(app);
        if (settings.HasDashboard)
        {
            app.MapOrleansDashboard("/dashboard");
        }

        return app;
    }

    private static void Configure(ISiloBuilder silo, MeetingPlace place, X509Certificate2? certificate, SiloSettings settings)
    {
        place.Configure(silo);
        if (certificate is not null)
        {
            ClusterCertificate.Use(silo, certificate);
        }

        if (settings.HasDashboard)
        {
            silo.AddDashboard();
        }

        silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = ("reflink", "reflink"));
        silo.Configure<SiloOptions>(options => options.SiloName = SiloVersions.OwnName);
        silo.Configure<ClusterMembershipOptions>(membership => membership.ProbeTimeout = s_probe);
    }
}
