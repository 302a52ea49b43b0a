using Reflink.Studies.Experiments;
using Reflink.Units;

namespace Reflink.Cli.Volumes;

/// <summary>Commands that change the bytes of a file in a volume.</summary>
internal static class ContentVerbs
{
    private const string Path = "A path in the volume, from /";
    private const int Chunk = 1 << 20;

    /// <summary>The commands.</summary>
    public static IEnumerable<VolumeVerb> All(Func<Machine, string, VolumeAnswer> told) => [Write(told), Truncate(told), Punch(told)];

    private static VolumeVerb Write(Func<Machine, string, VolumeAnswer> told)
    {
        var offset = OptionKinds.Size("--offset", 0, "Where to begin; the file may grow, and what lies between is a hole");
        var verb = new VolumeVerb(
            "write", "Writes bytes into a file over what is there; a file that is not there is made.", ("disk /notes note.txt --offset 4K", "a file's bytes, from 4,096 on"), ("PATH", Path), ("FILE", "A file of this computer; a dash is standard input"));
        verb.Options.Add(offset);
        return verb.With(StoreUse.Durable, (machine, a, line, progress) =>
        {
            using var source = a[1] == OptionKinds.Standard
                ? Console.OpenStandardInput()
                : HostText.Open(a[1], () => File.OpenRead(a[1]), "cannot be read; name a file");
            using var target = machine.Volume.Open(a[0], OpenFlags.ReadWrite | OpenFlags.Create);
            var (at, buffer) = (line.GetValue(offset).Bytes, new byte[Chunk]);
            while (source.Read(buffer) is > 0 and var read)
            {
                if (target.Write(at, buffer.AsSpan(0, read)) < read)
                {
                    throw new ReflinkException(Errno.ENOSPC, $"'{a[0]}' could not be written whole; make room and write it again");
                }

                at += read;
                progress.Report(at);
            }

            return told(machine, a[0]);
        });
    }

    private static VolumeVerb Truncate(Func<Machine, string, VolumeAnswer> told) => new VolumeVerb(
        "truncate", "Cuts a file, or makes it longer by a hole.", ("disk /notes 1M", "a file of exactly 1 MiB"), ("PATH", Path), ("SIZE", $"The length: {ByteSize.Takes}"))
        .With(StoreUse.Durable, (machine, a) =>
        {
            using (var file = machine.Volume.Open(a[0], OpenFlags.ReadWrite))
            {
                file.Truncate(Size(a[1]));
            }

            return told(machine, a[0]);
        });

    private static VolumeVerb Punch(Func<Machine, string, VolumeAnswer> told) => new VolumeVerb(
        "punch", "Makes bytes of a file zero and frees the whole pages among them.", ("disk /notes 64K 16K", "a hole of four pages"),
        ("PATH", Path), ("OFFSET", $"The first byte: {ByteSize.Takes}"), ("LENGTH", $"How many: {ByteSize.Takes}"))
        .With(StoreUse.Durable, (machine, a) =>
        {
            using (var file = machine.Volume.Open(a[0], OpenFlags.ReadWrite))
            {
                file.PunchHole(Size(a[1]), Size(a[2]) is > 0 and var length ? length : throw new ReflinkException(Errno.EINVAL, "LENGTH is 0; name one byte at the least"));
            }

            return told(machine, a[0]);
        });

    // The arguments were checked when the command line was read.
    private static long Size(string text) => ByteSize.TryParse(text, out var bytes) ? bytes : 0;
}
