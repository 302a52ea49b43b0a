using System.Text;
using Reflink.Cli.Reporting;
using Reflink.Units;

namespace Reflink.Cli.Volumes;

/// <summary>Commands on modes, extended attributes and the volume's space.</summary>
internal static class AttributeVerbs
{
    private const string Path = "A path in the volume, from /";

    /// <summary>The commands.</summary>
    public static IEnumerable<VolumeVerb> All(Func<Machine, string, VolumeAnswer> told) => [ChangeMode(told), Set(), Get(), Space()];

    private static VolumeVerb ChangeMode(Func<Machine, string, VolumeAnswer> told) => new VolumeVerb(
        "chmod", "Sets the permission bits of a file.", ("disk 755 /true", "a program that everybody may run"), ("MODE", "The bits in octal, such as 644"), ("PATH", Path))
        .With(StoreUse.Durable, (machine, a) =>
        {
            machine.Volume.SetMode(a[1], Mode(a[0]));
            return told(machine, a[1]);
        });

    private static VolumeVerb Set() => new VolumeVerb(
        "setfattr", "Sets an extended attribute of a file; an empty VALUE removes it.", ("disk /true user.origin debian", "a note on a file"),
        ("PATH", Path), ("NAME", "The attribute, with its namespace: user.NAME"), ("VALUE", "Its value, a text; 0x and digits for bytes"))
        .With(StoreUse.Durable, (machine, a) =>
        {
            if (a[2].Length == 0)
            {
                machine.Volume.RemoveAttribute(a[0], a[1]);
            }
            else
            {
                machine.Volume.SetAttribute(a[0], a[1], Bytes(a[2]));
            }

            return new(new { name = a[1] }, "");
        });

    private static VolumeVerb Get() => new VolumeVerb("getfattr", "Lists the extended attributes of a file with their values.", ("disk /true", "all notes on a file"), ("PATH", Path))
        .With(StoreUse.ReadOnly, (machine, a) =>
        {
            var found = machine.Volume.ListAttributes(a[0]).Select(name => (Name: name, Value: Text(machine.Volume.GetAttribute(a[0], name).Span))).ToArray();
            return new(found.ToDictionary(f => f.Name, f => f.Value), found.Aggregate(new Report(), (report, f) => report.Line($"{ShellQuoting.Quote(f.Name)}={ShellQuoting.Quote(f.Value)}")))
            {
                Rows = found.Select(f => new { f.Name, f.Value }),
            };
        });

    private static VolumeVerb Space() => new VolumeVerb("df", "Shows the space of the volume, as statfs(2) does.", ("disk", "how much is free"))
        .With(StoreUse.ReadOnly, (machine, _) =>
        {
            var stat = machine.Volume.Statistics();
            var used = stat.Blocks - stat.FreeBlocks;
            return new(
                new { stat.BlockSize, stat.Blocks, usedBlocks = used, stat.FreeBlocks, stat.Inodes },
                new Report().Facts([("size", Size(stat.Blocks)), ("used", Size(used)), ("free", Size(stat.FreeBlocks)), ("inodes", stat.Inodes)]));
        });

    private static string Size(long blocks) => SizeText.Of(blocks << Page.Shift);

    private static UnixFileMode Mode(string text)
    {
        var mode = 0;
        foreach (var digit in text)
        {
            mode = digit is >= '0' and <= '7' && mode <= 0x1FF ? (mode * 8) + (digit - '0') : -1;
            if (mode < 0)
            {
                break;
            }
        }

        return text.Length > 0 && mode is >= 0 and <= 0xFFF
            ? (UnixFileMode)mode
            : throw new ReflinkException(Errno.EINVAL, $"MODE takes permission bits in octal, such as 644 or 4755, not '{text}'");
    }

    private static byte[] Bytes(string value) => value.StartsWith("0x", StringComparison.Ordinal) && value.Length % 2 == 0 && value.Skip(2).All(char.IsAsciiHexDigit)
        ? Convert.FromHexString(value.AsSpan(2))
        : Encoding.UTF8.GetBytes(value);

    // Text if it can be typed in again as text.
    private static string Text(ReadOnlySpan<byte> value)
    {
        try
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(value);
            return text.Any(char.IsControl) || text.StartsWith("0x", StringComparison.Ordinal) ? $"0x{Convert.ToHexStringLower(value)}" : text;
        }
        catch (ArgumentException)
        {
            return $"0x{Convert.ToHexStringLower(value)}";
        }
    }
}
