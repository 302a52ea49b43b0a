using System.Runtime.InteropServices;

namespace Reflink.Fidelity;

/// <summary>
/// What a live check says before it begins, to the error stream: which kernel runs, what the check needs of it, and what is different
/// here from the kernels that the model was measured on.
/// </summary>
public sealed record Preflight
{
    private const string ZeroPageParameter = "pvm_no_zero_page=1";
    private const string PagingParameter = "pvm_";

    private readonly string[] _parameters = Parameters();

    private Preflight()
    {
    }

    /// <summary>The running kernel.</summary>
    public static Preflight Here { get; } = new();

    /// <summary>Its name and version, its processors, and what it runs on.</summary>
    public static string Kernel =>
        $"{Read("/proc/sys/kernel/ostype")} {Read("/proc/sys/kernel/osrelease")}, {RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}, {Environment.ProcessorCount} processors, user {Environment.UserName}";

    /// <summary>
    /// Whether this is a guest whose host keeps page tables in software (pvm): then every change of an entry, every fault and every
    /// system call leaves the guest, and takes many times what it takes on a processor that walks the guest's tables itself.
    /// </summary>
    public bool EmulatesPaging => _parameters.Any(p => p.StartsWith(PagingParameter, StringComparison.Ordinal));

    /// <summary>Whether the kernel was told to give loads of anonymous memory a page each instead of the page of zeroes.</summary>
    public bool WasBootedWithoutZeroPage => _parameters.Contains(ZeroPageParameter);

    /// <summary>What is different here, a sentence each.</summary>
    public IEnumerable<string> Differences
    {
        get
        {
            if (WasBootedWithoutZeroPage)
            {
                yield return $"a load from anonymous memory that was never written allocates a page ({ZeroPageParameter}); the model is told so";
            }

            if (EmulatesPaging)
            {
                yield return "the host keeps this guest's page tables in software (pvm), so faults, changes of page-table entries and system calls take 2 to 30 times as long";
            }

            if (Environment.ProcessorCount < 2)
            {
                yield return "there is one processor, so daemons and processes take turns";
            }
        }
    }

    /// <summary>Says it.</summary>
    /// <param name="needs">What the check needs; nothing if it asks no kernel.</param>
    public void Tell(string needs)
    {
        Console.Error.WriteLine($"kernel: {Kernel}");
        Console.Error.WriteLine($"needs: {needs}");
        foreach (var difference in Differences.DefaultIfEmpty("nothing that is known to matter"))
        {
            Console.Error.WriteLine($"different here: {difference}");
        }
    }

    private static string[] Parameters() => Read("/proc/cmdline").Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "unknown";
        }
    }
}
