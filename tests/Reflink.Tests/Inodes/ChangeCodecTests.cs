using System.Reflection;
using Reflink.Inodes;
using Reflink.Units;

namespace Reflink.Tests.Inodes;

public sealed class ChangeCodecTests
{
    [Fact]
    public void Every_kind_of_change_is_read_as_it_was_written()
    {
        foreach (var kind in Enum.GetValues<ChangeKind>())
        {
            var factory = typeof(Change).GetMethod(kind.ToString(), BindingFlags.Public | BindingFlags.Static)!;
            var made = (Change)factory.Invoke(null, [.. factory.GetParameters().Select((p, n) => Some(p.ParameterType, n))])!;
            Assert.Equal(kind, made.Kind);

            var writer = new ByteWriter();
            ChangeCodec.Put(writer, made);
            var reader = new ByteReader(writer.Bytes);
            object taken = ChangeCodec.Take(ref reader);
            Assert.True(reader.IsEmpty);
            Assert.All(typeof(Change).GetProperties(), p => Assert.Equal(Plain(p.GetValue(made)), Plain(p.GetValue(taken))));
        }
    }

    private static object Some(Type type, int n) =>
        type == typeof(string) ? "näme" : type == typeof(ReadOnlyMemory<byte>) ? new ReadOnlyMemory<byte>([7, 8])
        : type == typeof(PageRange) ? new PageRange(new PageIndex(5), 6) : type == typeof(UserId) ? new UserId(1000)
        : type == typeof(long) ? -5L - n : type.IsEnum ? Enum.ToObject(type, 1) : Activator.CreateInstance(type, 9L + n)!;

    private static object? Plain(object? value) => value is ReadOnlyMemory<byte> bytes ? bytes.ToArray() : value;
}
