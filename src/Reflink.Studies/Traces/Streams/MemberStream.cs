namespace Reflink.Studies.Traces.Streams;

/// <summary>
/// A file of compressed streams, one behind the other, as `cat a.gz b.gz` makes it. All of them are read; what stands behind the last
/// and begins no other is refused.
/// </summary>
internal abstract class MemberStream(PeekStream source, string name, ReadOnlyMemory<byte> magic) : ReadOnlyStream
{
    private Stream? _member;

    protected PeekStream Source => source;

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        while (true)
        {
            _member ??= Next();
            var count = _member is null ? 0 : ReadMember(_member, buffer);
            if (count > 0 || _member is null)
            {
                return count;
            }

            End();
            _member.Dispose();
            _member = null;
        }
    }

    // The source stands at the member's first byte.
    protected abstract Stream Begin();

    protected virtual int ReadMember(Stream member, Span<byte> buffer) => member.Read(buffer);

    // The member's data was read; the source is to stand behind all that belongs to it.
    protected abstract void End();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _member?.Dispose();
            source.Dispose();
        }

        base.Dispose(disposing);
    }

    private Stream? Next()
    {
        var next = source.Peek(magic.Length);
        return next.IsEmpty ? null
            : next.StartsWith(magic.Span) ? Begin()
            : throw new InvalidDataException($"its {name} stream ends at byte {source.Position}, and what follows is no other");
    }
}
