using System.Text.Json;
using Reflink.Patching.Sets;
using Reflink.Units;

namespace Reflink.Tests.Patching;

public sealed class PatchSetJsonTests
{
    private const string Head = "{\"format\":\"reflink-patch-set 1\",\n";
    private const string Entry = Head + "\"patches\":[\n";

    private const string Whole = """
        {
          "format": "reflink-patch-set 1",
          "file": "/lib/a.so",
          "buildId": "ab01",
          "size": 4096,
          "patches": [
            { "offset": "0x10", "old": "5548", "new": "0f0b", "name": "start \"here\"" },
            { "offset": "0x20", "old": "90", "new": "cc" }
          ]
        }

        """;

    [Fact]
    public void What_is_written_is_what_a_person_would_write()
    {
        var set = new PatchSetBuilder(new PatchTarget("/lib/a.so", "AB01", 4096))
            .Add(0x20, [0x90], [0xcc])
            .Add(0x10, [0x55, 0x48], [0x0f, 0x0b], "start \"here\"")
            .Build();

        Assert.Equal(Whole, Write(set));
        Assert.Equal(set.Id, Read(Whole).Id);
    }

    [Fact]
    public void The_empty_set_of_an_unknown_file_is_three_lines()
    {
        var json = Write(new PatchSetBuilder().Build());

        Assert.Equal("{\n  \"format\": \"reflink-patch-set 1\",\n  \"patches\": []\n}\n", json);
        Assert.Equal(0, Read(json).Count);
    }

    [Fact]
    public void Order_and_blanks_and_escapes_do_not_matter()
    {
        var set = Read("{\"format\":\"reflink-patch-set 1\",\"patches\":[{\"name\":\"\\u0061\",\"new\":\"CC\",\"old\":\"9a\",\"offset\":\"0X1F\"}],\"size\":64}");

        Assert.Equal((0x1fL, "a", 64L), (set.Offset(0), set.Name(0)!, set.Target.FileSize!.Value));
        Assert.Equal([0xcc], set.New(0).ToArray());
    }

    [Theory]
    [InlineData("", "1:1: no JSON")]
    [InlineData("[]", "1:1: expected an object, found '['")]
    [InlineData("{\"format\":\"reflink-patch-set 2\"}", "1:11: expected '\"format\": \"reflink-patch-set 1\"' first, found 'reflink-patch-set 2'")]
    [InlineData("{\"patches\":[]}", "1:2: expected '\"format\"")]
    [InlineData("{}", "1:2: expected '\"format\"")]
    [InlineData("{\"format\":1}", "1:11: expected a format, a string, found '1'")]
    [InlineData(Head + "\"colour\":1}", "2:1: expected 'name', 'file', 'buildId', 'size', 'sha256' or 'patches', found 'colour'")]
    [InlineData(Head + "\"size\":\"1\"}", "2:8: expected a size in bytes, a whole number, found '1'")]
    [InlineData(Head + "\"size\":-1}", "2:8: expected a size")]
    [InlineData(Head + "\"size\":1.5}", "2:8: expected a size")]
    [InlineData(Head + "\"size\":99999999999999999999}", "2:8: expected a size")]
    [InlineData(Head + "\"size\":1,\"size\":1}", "2:10: a second 'size'; expected one at most")]
    [InlineData(Head + "\"buildId\":\"abc\"}", "2:11: the build-id 'abc'")]
    [InlineData(Head + "\"file\":\"\"}", "2:8: the file name is empty")]
    [InlineData(Head + "\"file\":\"\\ud800\"}", "2:8: expected text in Unicode")]
    [InlineData(Head + "\"size\":1}", "2:9: expected a 'patches' list before the end")]
    [InlineData(Head + "\"patches\":{}}", "2:11: expected a list, found '{'")]
    [InlineData(Head + "\"patches\":[],\"patches\":[]}", "2:14: a second 'patches'")]
    [InlineData(Head + "\"patches\":[]", "2:13: no JSON")]
    [InlineData(Head + "\"patches\":[]} x", "2:15: no JSON")]
    [InlineData(Head + "\"patches\":[],}", "2:14: no JSON")]
    [InlineData(Entry + "7]}", "3:1: expected an entry, an object, found '7'")]
    [InlineData(Entry + "{}]}", "3:2: expected an entry with 'offset', 'old' and 'new', found '}'")]
    [InlineData(Entry + "{\"offset\":\"0x1\",\"old\":\"00\"}]}", "3:27: expected an entry with")]
    [InlineData(Entry + "{\"offset\":16}]}", "3:11: expected an offset, a string, found '16'")]
    [InlineData(Entry + "{\"offset\":\"16\"}]}", "3:11: expected a file offset such as \"0x1000\", below 2^63, found '16'")]
    [InlineData(Entry + "{\"offset\":\"0xffffffffffffffff\"}]}", "3:11: expected a file offset")]
    [InlineData(Entry + "{\"old\":\"0\"}]}", "3:8: expected bytes in hexadecimal, two digits a byte, found '0'")]
    [InlineData(Entry + "{\"old\":\"\"}]}", "3:8: expected bytes in hexadecimal")]
    [InlineData(Entry + "{\"old\":\"00\",\"old\":\"00\"}]}", "3:13: a second 'old'")]
    [InlineData(Entry + "{\"size\":1}]}", "3:2: expected 'offset', 'old', 'new' or 'name', found 'size'")]
    [InlineData(Entry + "{\"offset\":\"0x1\",\"old\":\"00\",\"new\":\"0102\"}]}", "3:40: 1 old and 2 new bytes")]
    [InlineData(Entry + "{\"offset\":\"0x1\",\"old\":\"00\",\"new\":\"01\",\"name\":\"a\\n\"}]}", "the name is empty, has blanks at an end, or holds control characters")]
    [InlineData(Entry + "{\"offset\":\"0x1\",\"old\":\"0000\",\"new\":\"0102\"},{\"offset\":\"0x2\",\"old\":\"00\",\"new\":\"01\"}]}", "overlap")]
    public void A_mistake_is_named_with_its_place(string json, string message)
    {
        var failure = Assert.Throws<ReflinkException>(() => Read(json));

        Assert.Equal(Errno.EINVAL, failure.Error);
        Assert.StartsWith("EINVAL: test:", failure.Message, StringComparison.Ordinal);
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_damage_gives_a_set_or_our_failure()
    {
        var random = new Random(1);
        var (read, refused) = (0, 0);
        for (var round = 0; round < 5000; round++)
        {
            var json = Whole.ToCharArray();
            json[random.Next(json.Length)] = (char)random.Next(1, 127);
            try
            {
                Read(new string(json)[..^random.Next(3)]);
                read++;
            }
            catch (ReflinkException)
            {
                refused++;
            }
        }

        Assert.True(read > 100 && refused > 100, $"{read} were read and {refused} refused: the damage is too small or too large");
    }

    [Fact]
    public void Other_readers_of_JSON_see_the_same()
    {
        using var json = JsonDocument.Parse(Whole);

        Assert.Equal(4096, json.RootElement.GetProperty("size").GetInt64());
        Assert.Equal("start \"here\"", json.RootElement.GetProperty("patches")[0].GetProperty("name").GetString());
    }

    private static PatchSet Read(string json) => PatchSetJson.Read(new StringReader(json), "test");

    private static string Write(PatchSet set)
    {
        var writer = new StringWriter();
        PatchSetJson.Write(set, writer);
        return writer.ToString();
    }
}
