using System.Text;
using System.Xml.Linq;

namespace Reflink.Cli.Tests.Installing;

/// <summary>
/// The examples in the library's doc comments. Each may use what the tour of the README has made by then: a machine, the open file /lib of four
/// pages, a process that maps it at an address, and a patch set for it.
/// </summary>
internal static class DocExamples
{
    /// <summary>The member and the code of each example, in the order of the library's doc file.</summary>
    public static IReadOnlyList<(string Member, string Code)> Of(string docFile) =>
    [
        .. from member in XDocument.Load(docFile).Descendants("member")
           from code in member.Elements("example").Elements("code")
           select ((string)member.Attribute("name")!, Unindented(code.Value)),
    ];

    /// <summary>A program that runs all of them, each on a machine of its own, and says how many there were.</summary>
    public static string Program(IReadOnlyList<(string Member, string Code)> examples)
    {
        var program = new StringBuilder("using Reflink;\nusing Reflink.Vm;\n\n");
        foreach (var (at, (member, _)) in examples.Index())
        {
            program.Append($"Run(\"{member.Replace("\"", "'", StringComparison.Ordinal)}\", Example{at});\n");
        }

        program.Append($"Console.Out.Flush();\nConsole.Error.WriteLine(\"{examples.Count} examples\");\n\n");
        program.Append("""
            static void Run(string name, Action<Machine, OpenFile, Reflink.Vm.Process, long, PatchSet> example)
            {
                using var machine = new Machine(new MachineOptions { Memory = 8 << 20 });
                using var file = machine.Volume.Create("/lib");
                file.Write(0, Enumerable.Repeat((byte)0x90, 4 * Page.Size).ToArray());
                var process = machine.Processes.Spawn(machine.Processes.User(0), "one");
                var address = process.Memory.Map(file, 0, file.Size, Protection.ReadExecute);
                try
                {
                    example(machine, file, process, address, new PatchSetBuilder().Add(0x40, [0x90], [0xcc], "entry").Build());
                    Fsck.Require(machine);
                }
                catch (Exception e)
                {
                    throw new InvalidOperationException(name, e);
                }
            }

            """);
        foreach (var (at, (_, code)) in examples.Index())
        {
            // An example that makes its own machine hides the one that is given.
            var given = code.Contains("var machine", StringComparison.Ordinal) ? "given" : "machine";
            program.Append($"\nstatic void Example{at}(Machine {given}, OpenFile file, Reflink.Vm.Process process, long address, PatchSet set)\n{{\n{code}\n}}\n");
        }

        return program.ToString();
    }

    private static string Unindented(string code) => string.Join('\n', code.Trim('\n', ' ').Split('\n').Select(line => line.TrimEnd()));
}
