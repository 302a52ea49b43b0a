using Reflink.Inodes;
using Reflink.Units;
using Xunit;

namespace Reflink.Tests.InodeTests;

public class ChangeCodecTests
{
    [Fact]
    public void Every_field_of_a_change_is_written_down()
    {
        // Boxed, so that reflection sets the fields of this one.
        object made = new Change(ChangeKind.SetAttribute, new InodeNumber(3));
        foreach (var field in typeof(Change).GetProperties().Where(p => p.Name is not (nameof(Change.Kind) or nameof(Change.Inode))))
        {
            field.SetValue(made, Some(field.PropertyType));
        }

        var writer = new ByteWriter();
        ChangeCodec.Put(writer, (Change)made);
        var reader = new ByteReader(writer.Bytes);
        object taken = ChangeCodec.Take(ref reader);
        Assert.True(reader.IsEmpty);
        Assert.All(typeof(Change).GetProperties(), field => Assert.Equal(Plain(field.GetValue(made)), Plain(field.GetValue(taken))));
    }

    private static object Some(Type type) =>
        type == typeof(string) ? "näme" : type == typeof(ReadOnlyMemory<byte>) ? new ReadOnlyMemory<byte>([7, 8])
        : type == typeof(long) ? -5L : Activator.CreateInstance(type, 9L)!;

    private static object? Plain(object? value) => value is ReadOnlyMemory<byte> bytes ? bytes.ToArray() : value;
}
